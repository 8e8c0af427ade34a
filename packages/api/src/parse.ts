/** The shortest secret that is looked for: a shorter one would be found in words that have nothing to do with it. */
const MIN_LENGTH = 6

/**
 * `undefined` for what is not JSON. The parser's own error would quote the body, which may hold a token.
 *
 * @param secrets - cut out of every text, as they are and percent-encoded
 */
export function parse(text: string, secrets?: readonly unknown[]): unknown {
  const without = (value: string, secret: unknown) =>
    typeof secret === 'string' && secret.length >= MIN_LENGTH
      ? value.replaceAll(secret, '…').replaceAll(encodeURIComponent(secret), '…')
      : value
  try {
    return JSON.parse(
      text,
      secrets && ((_, value) => (typeof value === 'string' ? secrets.reduce(without, value) : value)),
    )
  } catch {
    return undefined
  }
}
