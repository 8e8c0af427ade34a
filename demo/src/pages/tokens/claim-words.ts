/** A claim or a member of an introspection answer, ready to be shown. */
export interface Fact {
  readonly name: string
  readonly words: string
  readonly value: string
  /** Set where the value is a time. */
  readonly atMs?: number
}

const WORDS: Readonly<Record<string, string>> = {
  iss: 'Who issued it',
  sub: 'Whom it speaks for',
  aud: 'What it is meant for',
  exp: 'When it expires',
  nbf: 'When it begins to count',
  iat: 'When it was issued',
  jti: 'Its own name',
  scope: 'What it allows',
  client_id: 'The app that has it',
  active: 'Whether it is good now',
  alg: 'How it is signed',
  kid: 'The key that signed it',
  typ: 'What it is',
  cnf: 'The key that it is bound to',
}

const TIMES: readonly string[] = ['exp', 'nbf', 'iat']

/** Every member, in words where this console has some. */
export function factsOf(members: object): readonly Fact[] {
  return Object.entries(members)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ({
      name,
      words: Object.hasOwn(WORDS, name) ? (WORDS[name] ?? '') : '',
      value: typeof value === 'string' ? value : JSON.stringify(value),
      ...(TIMES.includes(name) && typeof value === 'number' && { atMs: value * 1000 }),
    }))
}
