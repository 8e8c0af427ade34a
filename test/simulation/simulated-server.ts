import {
  type Answer,
  type AuthorizationServer,
  createAuthorizationServer,
  type Family,
  issuer,
  jsonAnswer,
  metadataOf,
  type ServerProfile,
} from '../support/authorization-server.ts'

/** The words in which a server refuses a dead refresh token. */
export type Refusal = 'invalid_grant' | 'empty' | 'invalid_request' | 'errors'

/** Rules of one server. */
export interface SimulatedServerProfile extends ServerProfile {
  readonly hasRevocation: boolean
  /** Whether tokens are bound to a key, with nonces that change. */
  readonly hasDpop: boolean
  readonly refusal: Refusal
  /** Whether token responses have members of the wrong type. */
  readonly hasOddMembers: boolean
}

/** An authorization server of one or two issuers behind a wire, with the oddities of its profile. */
export interface SimulatedServer
  extends Pick<AuthorizationServer, 'families' | 'revoke' | 'accessToken' | 'familyOf'> {
  readonly metadata: (issuer: string) => Answer
  /** The metadata of the first resource (RFC 9728), which name one issuer. */
  readonly resourceMetadata: () => Answer
  /** Has the metadata of the resource name the other issuer. */
  readonly changeIssuer: () => void
  /** Grants a sign-in. @returns the code */
  readonly authorize: (user: string, issuer: string) => string
  /** @param proof the DPoP proof of the request */
  readonly token: (parameters: URLSearchParams, issuer: string, proof: string | undefined) => Answer
  readonly api: (accessToken: string) => Answer
  /** The issuer that a token is good at. */
  readonly issuerOf: (token: string) => string | undefined
}

export const issuers: readonly [string, string] = [issuer, 'https://login.example']

/** Resources that tokens may be for; the first is that of the session's own token. */
export const resources: readonly [string, string, string] = [issuer, `${issuer}/v2/mcp`, `${issuer}/v2/ai`]

/** How long a DPoP nonce is good. */
const nonceMs = 45_000

const refusals: Readonly<Record<Refusal, string>> = {
  invalid_grant: '{"error":"invalid_grant"}',
  empty: '',
  invalid_request: '{"error":"invalid_request","error_description":"Token has been revoked"}',
  errors: '{"errors":[{"code":"10015","title":"Bad Request"}]}',
}

/** Members that a token response may have and still be one; the new refresh token in it counts all the same. */
const oddMembers: readonly Readonly<Record<string, unknown>>[] = [
  { expires_in: null },
  { expires_in: '' },
  { expires_in: -1 },
  { scope: null },
  { scope: [] },
  { id_token: null },
  { id_token: '' },
  { id_token: 'odd' },
  { token_type: 'Bearer ' },
  { access_token: null },
  { access_token: 7 },
  { unknown: [null] },
]

function nonceIn(proof: string | undefined): string | undefined {
  const [, payload = ''] = (proof ?? '').split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString() || '{}') as { nonce?: string }
  return claims.nonce
}

export function createSimulatedServer(profile: SimulatedServerProfile, nowMs: () => number): SimulatedServer {
  const { hasDpop, hasOddMembers, hasRevocation, refusal } = profile
  const server = createAuthorizationServer(profile, nowMs)
  const issuerOfCode = new Map<string, string>()
  const issuerOfFamily = new Map<Family, string>()
  let named: string = issuer
  let refreshes = 0

  const issuerOf = (token: string) => {
    const family = server.familyOf(token) ?? server.accessToken(token)?.family
    return family && issuerOfFamily.get(family)
  }

  const exchange = (parameters: URLSearchParams, at: string, tokenType: string): Answer => {
    const code = parameters.get('code') ?? ''
    if (issuerOfCode.get(code) !== at) return jsonAnswer({ error: 'invalid_grant' }, 400)
    const answer = server.token(parameters, tokenType)
    const family = server.families.at(-1)
    if (family && !issuerOfFamily.has(family)) issuerOfFamily.set(family, at)
    return answer
  }

  const refresh = (parameters: URLSearchParams, at: string, tokenType: string): Answer => {
    const isKnown = issuerOf(parameters.get('refresh_token') ?? '') === at
    const answer = isKnown ? server.token(parameters, tokenType) : jsonAnswer({}, 400)
    if (answer.status !== 200) return { ...answer, body: refusals[refusal] }
    refreshes += 1
    if (!hasOddMembers || refreshes % 3 !== 0) return answer
    return jsonAnswer({ ...JSON.parse(answer.body), ...oddMembers[(refreshes / 3) % oddMembers.length] })
  }

  return {
    ...server,
    metadata: (at) =>
      jsonAnswer({
        ...metadataOf(at),
        ...(hasDpop && { dpop_signing_alg_values_supported: ['ES256'] }),
        ...(hasRevocation && { revocation_endpoint: `${at}/v2/oauth/revoke` }),
      }),
    resourceMetadata: () => jsonAnswer({ resource: resources[0], authorization_servers: [named] }),
    changeIssuer: () => {
      named = issuers.find((other) => other !== named) ?? issuer
    },
    authorize: (user, at) => {
      const code = server.authorize(user)
      issuerOfCode.set(code, at)
      return code
    },
    token: (parameters, at, proof) => {
      const nonce = `nonce-${Math.floor(nowMs() / nonceMs)}`
      if (hasDpop && nonceIn(proof) !== nonce) {
        const { headers, ...demand } = jsonAnswer({ error: 'use_dpop_nonce' }, 400)
        return { ...demand, headers: { ...headers, 'dpop-nonce': nonce } }
      }
      const grant = parameters.get('grant_type') === 'refresh_token' ? refresh : exchange
      return grant(parameters, at, hasDpop ? 'DPoP' : 'Bearer')
    },
    api: (accessToken) =>
      server.accepts(accessToken)
        ? jsonAnswer({ data: [] })
        : jsonAnswer({ errors: [{ code: '10009' }] }, 401),
    issuerOf,
  }
}
