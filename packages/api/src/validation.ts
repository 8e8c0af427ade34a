/** What a value must be, as a test and in words. */
export type Rule = readonly [isValid: (value: unknown) => boolean, words: string]

export const text: Rule = [(value) => typeof value === 'string' && value !== '', 'a non-empty string']
export const uri: Rule = [(value) => typeof value === 'string' && URL.canParse(value), 'an absolute URI']
/** Of any other text `fetch` would throw an error that quotes it. */
export const credential: Rule = [
  (value) => typeof value === 'string' && /^[!-~]+$/.test(value),
  'visible ASCII and not empty',
]
export const callable: Rule = [(value) => typeof value === 'function', 'a function']
export const flag: Rule = [(value) => typeof value === 'boolean', 'a boolean']

const segment: Rule = [
  (value) => typeof value === 'string' && !/^\.{0,2}$/.test(value),
  'a non-empty string, not . or ..',
]

export function oneOf(...values: readonly string[]): Rule {
  return [(value) => values.includes(value as string), `one of ${values.join(', ')}`]
}

export function listOf([isValid, words]: Rule): Rule {
  return [(value) => Array.isArray(value) && value.every(isValid), `an array, each ${words}`]
}

/** @throws {TypeError} that names the value and the rule, and never quotes the value: it may be a secret */
export function assertIs(name: string, value: unknown, [isValid, words]: Rule): void {
  if (!isValid(value)) throw new TypeError(`${name} must be ${words}`)
}

/**
 * Checks a request body whose schema is closed, so that the server could only refuse it; or the options of a handle.
 *
 * @throws {TypeError} if a required field is missing, a field breaks its rule, or has no rule
 */
export function assertFields<T extends object>(
  input: T,
  rules: Readonly<Record<keyof T & string, Rule>>,
  required: readonly (keyof T & string)[] = [],
): void {
  for (const key in { ...rules, ...input }) {
    const name = key as keyof T & string
    if (!Object.hasOwn(rules, name))
      throw new TypeError(`${name} is not one of ${Object.keys(rules).join(', ')}`)
    if (input[name] !== undefined || required.includes(name)) assertIs(name, input[name], rules[name])
  }
}

/**
 * The path of one thing in a collection.
 *
 * @throws {TypeError} if `id` is empty, which would address the collection, or dots, which would climb out of it
 */
export function pathOf(collection: string, name: string, id: string): string {
  assertIs(name, id, segment)
  return `${collection}/${encodeURIComponent(id)}`
}
