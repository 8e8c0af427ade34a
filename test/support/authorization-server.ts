/** Lifetime of refresh tokens: spent at once, repeatable for a while in two manners, or never replaced. */
export type Rotation = 'strict' | 'grace-same-token' | 'grace-new-token' | 'none'

/** Rules of one server. */
export interface ServerProfile {
  readonly rotation: Rotation
  readonly lifetimeSeconds: number
  readonly withoutRefreshToken: boolean
}

/** A response before a browser has made a `Response` of it. */
export interface Answer {
  readonly status: number
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

/** All tokens that come of one sign-in. */
export interface Family {
  readonly id: number
  readonly user: string
  readonly scope: string | undefined
  /** Why its tokens are worthless, if they are. */
  ended: 'reuse' | 'admin' | 'revoked' | undefined
  /** How often a token of it was refused. */
  refusals: number
}

interface AccessToken {
  readonly family: Family
  readonly serial: number
  readonly expiresMs: number
  /** The `resource` of the token request. */
  readonly resource: string
}

interface RefreshToken {
  readonly family: Family
  /** The refresh token that replaced it. */
  spentFor: string | undefined
}

/**
 * The codes and tokens of an authorization server, without a wire: a code is good once, refresh tokens rotate, and a
 * spent one that is sent without grace ends the whole family. Shares no code with the client under test.
 */
export interface AuthorizationServer {
  readonly families: readonly Family[]
  /** Grants a sign-in. @returns the code */
  readonly authorize: (user: string, scope?: string) => string
  readonly token: (parameters: URLSearchParams, tokenType?: string) => Answer
  readonly revoke: (token: string) => void
  /** Whether the API accepts an access token. */
  readonly accepts: (accessToken: string) => boolean
  readonly accessToken: (token: string) => AccessToken | undefined
  readonly familyOf: (refreshToken: string) => Family | undefined
}

export const issuer = 'https://api.telnyx.com'

/** Metadata of the server at `at`, without its optional endpoints. */
export const metadataOf = (at: string): Readonly<Record<string, unknown>> => ({
  issuer: at,
  authorization_endpoint: `${at}/v2/oauth/authorize`,
  token_endpoint: `${at}/v2/oauth/token`,
  code_challenge_methods_supported: ['S256'],
})

export const jsonAnswer = (body: unknown, status: number = 200): Answer => ({
  status,
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
})

const invalidGrant = jsonAnswer(
  { error: 'invalid_grant', error_description: 'grant request is invalid' },
  400,
)

export function createAuthorizationServer(
  { rotation, lifetimeSeconds, withoutRefreshToken }: ServerProfile,
  nowMs: () => number,
): AuthorizationServer {
  const families: Family[] = []
  const codes = new Map<string, Pick<Family, 'user' | 'scope'>>()
  const accessTokens = new Map<string, AccessToken>()
  const refreshTokens = new Map<string, RefreshToken>()
  let serial = 0

  const issue = (family: Family, parameters: URLSearchParams, tokenType: string, given?: string): Answer => {
    serial += 1
    const refreshToken = given ?? `refresh-${serial}`
    const accessToken = `access-${serial}`
    const expiresMs = nowMs() + lifetimeSeconds * 1000
    accessTokens.set(accessToken, {
      family,
      serial,
      expiresMs,
      resource: parameters.get('resource') ?? '',
    })
    if (!withoutRefreshToken && !refreshTokens.has(refreshToken))
      refreshTokens.set(refreshToken, { family, spentFor: undefined })
    return jsonAnswer({
      access_token: accessToken,
      token_type: tokenType,
      expires_in: lifetimeSeconds,
      scope: family.scope && (parameters.get('scope') ?? family.scope),
      ...(!withoutRefreshToken && { refresh_token: refreshToken }),
    })
  }

  const exchange = (parameters: URLSearchParams, tokenType: string): Answer => {
    const code = parameters.get('code') ?? ''
    const granted = codes.get(code)
    codes.delete(code)
    if (!granted) return jsonAnswer({ error: 'invalid_grant' }, 400)
    const family: Family = { ...granted, id: families.length + 1, ended: undefined, refusals: 0 }
    families.push(family)
    return issue(family, parameters, tokenType)
  }

  const refresh = (parameters: URLSearchParams, tokenType: string): Answer => {
    const sent = parameters.get('refresh_token') ?? ''
    const token = refreshTokens.get(sent)
    if (!token) return invalidGrant
    const { family, spentFor } = token
    if (spentFor && rotation === 'strict') family.ended ??= 'reuse'
    if (family.ended) {
      family.refusals += 1
      return invalidGrant
    }
    if (rotation === 'none') return issue(family, parameters, tokenType, sent)
    if (spentFor && rotation === 'grace-same-token') return issue(family, parameters, tokenType, spentFor)
    const answer = issue(family, parameters, tokenType)
    token.spentFor ??= `refresh-${serial}`
    return answer
  }

  return {
    families,
    authorize: (user, scope) => {
      serial += 1
      const code = `code-${serial}`
      codes.set(code, { user, scope })
      return code
    },
    token: (parameters, tokenType = 'Bearer') =>
      (parameters.get('grant_type') === 'refresh_token' ? refresh : exchange)(parameters, tokenType),
    revoke: (token) => {
      const refreshToken = refreshTokens.get(token)
      const family = refreshToken ? refreshToken.family : accessTokens.get(token)?.family
      // A token that is valid no longer is none to revoke (RFC 7009 section 2.2).
      if (family && !refreshToken?.spentFor) family.ended ??= 'revoked'
    },
    accepts: (accessToken) => {
      const known = accessTokens.get(accessToken)
      return known !== undefined && !known.family.ended && known.expiresMs >= nowMs()
    },
    accessToken: (token) => accessTokens.get(token),
    familyOf: (refreshToken) => refreshTokens.get(refreshToken)?.family,
  }
}
