type Claims = Readonly<Record<string, unknown>>

/** What an ID token has to say. */
export interface ExpectedIdToken {
  readonly issuer: string
  readonly clientId: string
  /** Sent with the authorization request. */
  readonly nonce?: string | undefined
}

/** The claims of a valid ID token, or the member that is wrong; neither where there is no ID token. */
export interface IdTokenResult {
  readonly claims?: Claims
  readonly problem?: string
}

function decode(part: string | undefined): Claims {
  const binary = atob(String(part).replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
  return Object(JSON.parse(new TextDecoder().decode(bytes)))
}

/**
 * Reads an ID token that comes straight from the token endpoint: TLS vouches for it in place of its signature (OpenID
 * Connect Core section 3.1.3.7, point 6), so that the algorithm is what the token says, if a public key verifies it.
 *
 * A deliberate step from point 9 (the current time is before `exp`): the token is late only by its own `iat`. It was
 * made for this response, and a clock that is fast by minutes shall not cost the session.
 *
 * @see OpenID Connect Core section 3.1.3.7
 */
export function readIdToken(idToken: unknown, { issuer, clientId, nonce }: ExpectedIdToken): IdTokenResult {
  if (idToken === undefined || idToken === null || idToken === '') return {}
  let header: Claims
  let claims: Claims
  try {
    const parts = typeof idToken === 'string' ? idToken.split('.') : []
    if (parts.length !== 3) return { problem: 'id_token' }
    header = decode(parts[0])
    claims = decode(parts[1])
  } catch {
    return { problem: 'id_token' }
  }
  const { iss, sub, exp, iat } = claims
  const audiences = [claims.aud].flat()
  const azp = claims.azp ?? (audiences.length > 1 ? undefined : clientId)
  const wrong: Readonly<Record<string, boolean>> = {
    alg: typeof header.alg !== 'string' || /^(?:none|hs\d*|)$/i.test(header.alg),
    crit: header.crit !== undefined,
    iss: iss !== issuer,
    aud: !audiences.includes(clientId),
    azp: azp !== clientId,
    sub: typeof sub !== 'string' || !sub,
    exp: typeof exp !== 'number' || typeof iat !== 'number' || exp <= iat,
    nonce: nonce !== undefined && claims.nonce !== nonce,
  }
  const member = Object.keys(wrong).find((name) => wrong[name])
  return member ? { problem: `id_token.${member}` } : { claims }
}
