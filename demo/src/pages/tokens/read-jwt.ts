import type { JwkSet } from '@telnyx-oauth/api'
import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  jwtVerify,
} from 'jose'

/** What is written in a JWT. Nobody has vouched for it yet. */
export interface JwtParts {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: JWTPayload
}

/** Reads a JWT; `undefined` for a token that is none, and so says nothing to anybody but its server. */
export function readJwt(token: string): JwtParts | undefined {
  try {
    return { header: { ...decodeProtectedHeader(token) }, claims: decodeJwt(token) }
  } catch {
    return undefined
  }
}

/** What a check of a JWT found: a sentence either way. */
export interface Verdict {
  readonly isGood: boolean
  readonly sentence: string
}

const SENTENCES: Readonly<Record<string, string>> = {
  ERR_JWT_EXPIRED: 'The signature is right, but the token has expired.',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'The signature is wrong: somebody has changed the token.',
  ERR_JWKS_NO_MATCHING_KEY: 'None of the keys of the server fits: the token comes from somewhere else.',
}

/** Checks signature, expiry and issuer of a JWT. */
export async function verifyJwt(token: string, keys: JwkSet, issuer: string): Promise<Verdict> {
  try {
    // jose looks at each key before it uses it.
    const keySet = createLocalJWKSet({ keys: keys.keys ?? [] } as JSONWebKeySet)
    await jwtVerify(token, keySet, { issuer })
    return { isGood: true, sentence: 'The signature, the issuer and the expiry are right.' }
  } catch (error) {
    return { isGood: false, sentence: sentenceFor(error) }
  }
}

function sentenceFor(error: unknown): string {
  if (error instanceof errors.JWTClaimValidationFailed) {
    return `The signature is right, but the claim ${error.claim} is not what it should be.`
  }
  const code = error instanceof errors.JOSEError ? error.code : ''
  return SENTENCES[code] ?? 'The token cannot be verified with the keys of the server.'
}
