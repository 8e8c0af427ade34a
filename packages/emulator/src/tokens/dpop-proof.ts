import { createHash, randomBytes } from 'node:crypto'
import { calculateJwkThumbprint, EmbeddedJWK, type JWTPayload, jwtVerify } from 'jose'

const WINDOW_SECONDS = 300
const ALGORITHMS = ['ES256', 'EdDSA', 'RS256', 'PS256']

/** What a proof must prove. */
export interface ProofExpectation {
  readonly proof: string
  readonly method: string
  readonly url: string
  readonly accessToken: string
  readonly keyThumbprint: string
}

/** Checks DPoP proofs that come with access tokens. @see RFC 9449 section 7 */
export interface DpopProofs {
  /** The nonce to use; `undefined` where none is asked for. */
  readonly nonce: string | undefined
  /** @returns what is wrong, in the error codes of RFC 9449; `undefined` when nothing is */
  check(expected: ProofExpectation): Promise<'invalid_dpop_proof' | 'use_dpop_nonce' | undefined>
}

export function createDpopProofs(requireNonce: boolean, now: () => number): DpopProofs {
  const nonce = requireNonce ? randomBytes(16).toString('base64url') : undefined
  const seen = new Map<string, number>()

  function isReplay(id: string): boolean {
    const nowMs = now()
    for (const [old, expiresAtMs] of seen) if (expiresAtMs <= nowMs) seen.delete(old)
    if (seen.has(id)) return true
    seen.set(id, nowMs + 2 * WINDOW_SECONDS * 1000)
    return false
  }

  return {
    nonce,
    async check(expected) {
      const verified = await verify(expected.proof)
      if (verified === undefined || !(await isFor(expected, verified, now()))) return 'invalid_dpop_proof'
      if (nonce !== undefined && verified.payload.nonce !== nonce) return 'use_dpop_nonce'
      return isReplay(`${expected.keyThumbprint} ${verified.payload.jti}`) ? 'invalid_dpop_proof' : undefined
    },
  }
}

interface Verified {
  readonly payload: JWTPayload
  readonly thumbprint: string
}

async function verify(proof: string): Promise<Verified | undefined> {
  try {
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
      typ: 'dpop+jwt',
      algorithms: ALGORITHMS,
    })
    if (protectedHeader.jwk === undefined) return undefined
    return { payload, thumbprint: await calculateJwkThumbprint(protectedHeader.jwk) }
  } catch {
    return undefined
  }
}

async function isFor(
  expected: ProofExpectation,
  { payload, thumbprint }: Verified,
  nowMs: number,
): Promise<boolean> {
  const { htm, htu, ath, iat = 0, jti } = payload
  return (
    thumbprint === expected.keyThumbprint &&
    htm === expected.method &&
    withoutQuery(htu) === withoutQuery(expected.url) &&
    ath === createHash('sha256').update(expected.accessToken).digest('base64url') &&
    typeof jti === 'string' &&
    Math.abs(nowMs / 1000 - iat) <= WINDOW_SECONDS
  )
}

function withoutQuery(url: unknown): string | undefined {
  if (typeof url !== 'string' || !URL.canParse(url)) return undefined
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}
