/** How refresh tokens live: spent at once, repeatable for a while in two manners, or never replaced. */
export type Rotation = 'strict' | 'grace-same-answer' | 'grace-new-answer' | 'none'

/** What one server is like. */
export interface ServerProfile {
  readonly rotation: Rotation
  readonly lifetimeSeconds: number
  readonly withoutRefreshToken: boolean
  readonly hasRevocation: boolean
}

/** An answer before a browser has made a `Response` of it. */
export interface Answer {
  readonly status: number
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

/** All tokens that come of one sign-in. */
export interface Family {
  readonly id: number
  readonly user: string
  /** Why its tokens are worthless, if they are. */
  ended: 'reuse' | 'admin' | 'revoked' | undefined
  /** How often a token of it was refused. */
  refusals: number
}

interface AccessToken {
  readonly family: Family
  readonly serial: number
  readonly expiresMs: number
  /** What it is for. */
  readonly resource: string
}

interface RefreshToken {
  readonly family: Family
  /** The refresh token that it was traded for. */
  spentFor: string | undefined
}

/**
 * An authorization server: codes are good once, refresh tokens rotate, whoever sends a spent one without grace
 * ends the whole family. It knows nothing of the code under test but the wire.
 */
export interface AuthorizationServer {
  readonly issuer: string
  /** What tokens may be for, first of all what a session's own is for. */
  readonly resources: readonly [own: string, ...others: string[]]
  readonly families: readonly Family[]
  readonly metadata: () => Answer
  /** The person said yes. @returns the code */
  readonly authorize: (user: string) => string
  readonly token: (parameters: URLSearchParams) => Answer
  readonly revoke: (token: string) => Answer
  /** What the API says to a request with this token. */
  readonly api: (accessToken: string) => Answer
  readonly accessToken: (token: string) => AccessToken | undefined
  readonly familyOf: (refreshToken: string) => Family | undefined
}

const issuer = 'https://api.telnyx.com'
const resources = [issuer, `${issuer}/v2/mcp`, `${issuer}/v2/ai`] as const

const json = (body: unknown, status = 200): Answer => ({
  status,
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
})

export function createAuthorizationServer(profile: ServerProfile, nowMs: () => number): AuthorizationServer {
  const families: Family[] = []
  const codes = new Map<string, string>()
  const accessTokens = new Map<string, AccessToken>()
  const refreshTokens = new Map<string, RefreshToken>()
  let serial = 0

  const issue = (family: Family, resource: string, given?: string): Answer => {
    serial += 1
    const refreshToken = given ?? `rt-${family.id}-${serial}`
    const accessToken = `at-${family.id}-${serial}`
    accessTokens.set(accessToken, {
      family,
      serial,
      expiresMs: nowMs() + profile.lifetimeSeconds * 1000,
      resource,
    })
    if (!profile.withoutRefreshToken && !refreshTokens.has(refreshToken))
      refreshTokens.set(refreshToken, { family, spentFor: undefined })
    return json({
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: profile.lifetimeSeconds,
      ...(!profile.withoutRefreshToken && { refresh_token: refreshToken }),
    })
  }

  const exchange = (code: string, resource: string): Answer => {
    const user = codes.get(code)
    codes.delete(code)
    if (user === undefined) return json({ error: 'invalid_grant' }, 400)
    const family: Family = { id: families.length + 1, user, ended: undefined, refusals: 0 }
    families.push(family)
    return issue(family, resource)
  }

  const renew = (sent: string, resource: string): Answer => {
    const token = refreshTokens.get(sent)
    const family = token?.family
    if (!token || !family || family.ended) {
      if (family) family.refusals += 1
      return json({ error: 'invalid_grant' }, 400)
    }
    if (profile.rotation === 'none') return issue(family, resource, sent)
    if (token.spentFor) {
      if (profile.rotation === 'grace-same-answer') return issue(family, resource, token.spentFor)
      if (profile.rotation === 'grace-new-answer') return issue(family, resource)
      family.ended = 'reuse'
      family.refusals += 1
      return json({ error: 'invalid_grant', error_description: 'the refresh token was used before' }, 400)
    }
    const answer = issue(family, resource)
    token.spentFor = `rt-${family.id}-${serial}`
    return answer
  }

  return {
    issuer,
    resources,
    families,
    metadata: () =>
      json({
        issuer,
        authorization_endpoint: `${issuer}/v2/oauth/authorize`,
        token_endpoint: `${issuer}/v2/oauth/token`,
        code_challenge_methods_supported: ['S256'],
        ...(profile.hasRevocation && { revocation_endpoint: `${issuer}/v2/oauth/revoke` }),
      }),
    authorize: (user) => {
      serial += 1
      const code = `code-${serial}`
      codes.set(code, user)
      return code
    },
    token: (parameters) => {
      const resource = parameters.get('resource') ?? ''
      return parameters.get('grant_type') === 'refresh_token'
        ? renew(parameters.get('refresh_token') ?? '', resource)
        : exchange(parameters.get('code') ?? '', resource)
    },
    revoke: (token) => {
      const family = refreshTokens.get(token)?.family ?? accessTokens.get(token)?.family
      if (family) family.ended ??= 'revoked'
      return { status: 200, body: '' }
    },
    api: (accessToken) => {
      const known = accessTokens.get(accessToken)
      const isGood = known && !known.family.ended && known.expiresMs > nowMs()
      return isGood ? json({ data: [] }) : { ...json({ errors: [{ code: '10009' }] }, 401) }
    },
    accessToken: (token) => accessTokens.get(token),
    familyOf: (refreshToken) => refreshTokens.get(refreshToken)?.family,
  }
}
