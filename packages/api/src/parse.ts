/** The shortest secret that is looked for: a shorter one would be found in words that have nothing to do with it. */
const MIN_LENGTH = 6

/** As it is, percent-encoded, and as a form has it. */
const SPELLINGS = [
  String,
  encodeURIComponent,
  (secret: string): string => `${new URLSearchParams({ '': secret })}`.slice(1),
]

/** Cuts `secrets` out of `text`. */
export function withoutSecrets(text: string, secrets: readonly unknown[]): string {
  const found = secrets.filter((secret) => typeof secret === 'string' && secret.length >= MIN_LENGTH)
  return found
    .flatMap((secret) => SPELLINGS.map((spell) => spell(secret as string)))
    .reduce((rest, spelling) => rest.replaceAll(spelling, '…'), text)
}

/**
 * `undefined` for what is not JSON. The parser's own error would quote the body, which may hold a token.
 *
 * @param clean - applied to every text in it
 */
export function parse(text: string, clean?: (value: string) => string): unknown {
  try {
    return JSON.parse(text, clean && ((_, value) => (typeof value === 'string' ? clean(value) : value)))
  } catch {
    return undefined
  }
}
