import { createPublicKey } from 'node:crypto'
import {
  CompactSign,
  calculateJwkThumbprint,
  compactVerify,
  decodeJwt,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTPayload,
  SignJWT,
} from 'jose'

export type SigningAlgorithm = 'ES256' | 'RS256' | 'PS256' | 'EdDSA'

/** A key that signs tokens, private part included. */
export type SigningKey = JWK & { readonly kid: string; readonly alg: SigningAlgorithm }

/** The keys of an emulator. Both are one key where their algorithm is the same. */
export interface SigningKeys {
  /** Signs access tokens in JWT form, by ES256. */
  readonly accessTokens: SigningKey
  readonly idTokens: SigningKey
}

/** Takes the keys that were kept, and makes those that are missing or of another algorithm. */
export async function completeKeys(
  kept: SigningKeys | undefined,
  idTokenAlgorithm: SigningAlgorithm,
): Promise<SigningKeys> {
  const accessTokens = kept?.accessTokens ?? (await createSigningKey('ES256'))
  const known = [accessTokens, kept?.idTokens].find((key) => key?.alg === idTokenAlgorithm)
  return { accessTokens, idTokens: known ?? (await createSigningKey(idTokenAlgorithm)) }
}

async function createSigningKey(alg: SigningAlgorithm): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true })
  const jwk = await exportJWK(privateKey)
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg, use: 'sig' }
}

/**
 * Tries to sign bytes as oidc-provider does.
 *
 * @throws {Error} where the global `Uint8Array` is not that of Node: jsdom and VM contexts have their own
 */
export async function assertSigns({ idTokens }: SigningKeys): Promise<void> {
  const protectedHeader = { alg: idTokens.alg }
  const key = await importJWK(idTokens, idTokens.alg)
  try {
    await new CompactSign(Buffer.from('{}')).setProtectedHeader(protectedHeader).sign(key)
  } catch (cause) {
    throw new Error(
      'The Telnyx OAuth emulator cannot sign JWTs, as "openId" and "accessTokenFormat": "jwt" ask for, where the test environment replaces Uint8Array, as jsdom and the VM pools of Vitest do. Start it in the test environment "node" or "happy-dom", or in a globalSetup of Vitest.',
      { cause },
    )
  }
}

/** Sets claims of an ID token and signs it again. */
export async function changeIdToken(
  idToken: string,
  claims: Readonly<Record<string, unknown>>,
  key: SigningKey,
): Promise<string> {
  return new SignJWT({ ...decodeJwt(idToken), ...claims })
    .setProtectedHeader({ alg: key.alg, kid: key.kid })
    .sign(await importJWK(key, key.alg))
}

/** Claims of an ID token that this key signed, expired or not; `undefined` for any other text. */
export async function readIdTokenHint(hint: string, key: SigningKey): Promise<JWTPayload | undefined> {
  try {
    await compactVerify(hint, createPublicKey({ key, format: 'jwk' }), { algorithms: [key.alg] })
    return decodeJwt(hint)
  } catch {
    return undefined
  }
}
