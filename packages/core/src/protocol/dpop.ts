import type { ProofKey } from '../model/proof-key.ts'

/** Signs requests with a key, so that tokens bound to it are worth nothing without it. */
export interface Prover {
  /** Names the key (RFC 7638). */
  readonly thumbprint: string
  /**
   * `fetch` with a proof; once more where the server asks for a nonce that this prover did not know.
   *
   * @param accessToken what the request carries, if it carries one
   * @param isRepeatable whether the body can be sent twice
   */
  readonly send: (
    fetch: typeof globalThis.fetch,
    input: RequestInfo | URL,
    init: RequestInit,
    accessToken?: string,
    isRepeatable?: boolean,
  ) => Promise<Response>
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

const encode = (bytes: ArrayBuffer | Uint8Array): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

const encodeText = (text: string): string => encode(new TextEncoder().encode(text))

const digest = async (text: string): Promise<string> =>
  encode(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))

/** The public half, member by member in the order that RFC 7638 section 3.2 wants for a thumbprint. */
async function publicJwk(key: CryptoKey): Promise<Pick<JsonWebKey, 'crv' | 'kty' | 'x' | 'y'>> {
  const { crv, kty, x, y } = await crypto.subtle.exportKey('jwk', key)
  return { crv, kty, x, y } as Pick<JsonWebKey, 'crv' | 'kty' | 'x' | 'y'>
}

/** A fresh ES256 key. Its private half can be used and stored, but never be read. */
export async function newProofKey(): Promise<ProofKey> {
  const pair = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])
  return { pair, thumbprint: await digest(JSON.stringify(await publicJwk(pair.publicKey))) }
}

/** What a proof is for. */
interface Claims {
  readonly htm: string
  readonly htu: string
  readonly ath: string | undefined
  readonly nonce: string | undefined
  readonly iat: number
}

/** @see RFC 9449 section 4.2 */
async function sign({ pair }: ProofKey, claims: Claims, jti: string): Promise<string> {
  const header = { alg: 'ES256', typ: 'dpop+jwt', jwk: await publicJwk(pair.publicKey) }
  const text = [header, { ...claims, jti }].map((part) => encodeText(JSON.stringify(part))).join('.')
  const signature = await crypto.subtle.sign(algorithm, pair.privateKey, new TextEncoder().encode(text))
  return `${text}.${encode(signature)}`
}

/** The method that the browser sends: `fetch` puts these six in upper case, and leaves others as they are. */
const sentMethod = (method: string): string =>
  /^(?:delete|get|head|options|post|put)$/i.test(method) ? method.toUpperCase() : method

/** An authorization server says it in the body (RFC 9449 section 8), a resource in the challenge (section 9). */
async function asksForNonce(response: Response): Promise<boolean> {
  if (response.headers.get('www-authenticate')?.includes('use_dpop_nonce')) return true
  if (response.status !== 400) return false
  const body = (await response
    .clone()
    .json()
    .catch(() => undefined)) as { error?: unknown } | null | undefined
  return body?.error === 'use_dpop_nonce'
}

/**
 * Creates the prover of `key`. It remembers the nonce that each server gave last.
 *
 * @param randomId passed in, so that its code is not cut out of the chunk that has it
 * @see RFC 9449
 */
export function createProver(key: ProofKey, now: () => number, randomId: () => string): Prover {
  const nonces = new Map<string, string>()
  return {
    thumbprint: key.thumbprint,
    send: async (fetch, input, init, accessToken, isRepeatable = true) => {
      const request = input instanceof Request ? input : undefined
      const { origin, pathname } = new URL(request?.url ?? String(input))
      const ath = accessToken && (await digest(accessToken))
      // The two servers may share an origin, and each has nonces of its own (RFC 9449 section 9).
      const server = ath === undefined ? `authorization ${origin}` : origin
      const attempt = async (nonce: string | undefined): Promise<Response> => {
        const htm = sentMethod(init.method ?? request?.method ?? 'GET')
        const iat = Math.floor(now() / 1000)
        const headers = new Headers(init.headers)
        headers.set('dpop', await sign(key, { htm, htu: origin + pathname, ath, nonce, iat }, randomId()))
        const response = await fetch(input, { ...init, headers })
        const next = response.headers.get('dpop-nonce')
        if (next) nonces.set(server, next)
        return response
      }
      const used = nonces.get(server)
      const response = await attempt(used)
      const given = nonces.get(server)
      // One more try, and only with news: a server that always asks would be asked for ever.
      return given !== used && isRepeatable && (await asksForNonce(response)) ? attempt(given) : response
    },
  }
}
