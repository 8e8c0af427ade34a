import { expect } from 'vitest'

const bytesOf = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))

const parse = (part: string): Record<string, unknown> => JSON.parse(new TextDecoder().decode(bytesOf(part)))

/** The claims of a DPoP proof, whose form and signature are right (RFC 9449 section 4.3). Needs nothing but WebCrypto. */
export async function readProof(proof: string | null | undefined): Promise<Record<string, unknown>> {
  const [header = '', payload = '', signature = ''] = (proof ?? '').split('.')
  const { typ, alg, jwk } = parse(header)
  expect([typ, alg]).toEqual(['dpop+jwt', 'ES256'])
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('jwk', jwk as JsonWebKey, algorithm, false, ['verify'])
  const signed = new TextEncoder().encode(`${header}.${payload}`)
  expect(await crypto.subtle.verify(algorithm, key, bytesOf(signature), signed)).toBe(true)
  return parse(payload)
}
