/** The shortest text that is looked for in base64: fewer characters could be anything. */
const minLength = 8

/** Percent-encoding and JSON escapes, undone. */
const unescapeText = (text: string): string =>
  text.replace(
    /%([\da-f]{2})|\\u([\da-f]{4})|\\(.)/gi,
    (_, percent?: string, unicode?: string, plain?: string) =>
      plain ?? String.fromCharCode(Number.parseInt(percent ?? unicode ?? '', 16)),
  )

/** The part of the base64 of `secret` that stays the same whatever stands around it, for each of three alignments. */
function base64Of(secret: string): readonly string[] {
  const binary = String.fromCharCode(...new TextEncoder().encode(secret))
  return [0, 1, 2]
    .map((offset) => btoa(' '.repeat(offset) + binary).slice(offset && offset + 1))
    .map((encoded) => encoded.replace(/.=+$/, ''))
    .filter(({ length }) => length >= minLength)
}

/**
 * Cuts `secrets` out of foreign text. Text that holds one of them percent-encoded, escaped as in JSON, or in base64,
 * is not told at all.
 */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const present = secrets.filter(Boolean)
  const plain = present.reduce((rest, secret) => rest.replaceAll(secret, '…'), text)
  const unescaped = unescapeText(plain)
  const base64 = unescaped.replaceAll('-', '+').replaceAll('_', '/')
  const isHidden = present.some(
    (secret) => unescaped.includes(secret) || base64Of(secret).some((encoded) => base64.includes(encoded)),
  )
  return isHidden ? '…' : plain
}
