import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'

/** The key that signs access tokens in JWT form, private part included. */
export type SigningKey = JWK & { readonly kid: string; readonly alg: 'ES256' }

export async function createSigningKey(): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = await exportJWK(privateKey)
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'ES256', use: 'sig' }
}
