import { importJWK, jwtVerify } from 'jose'
import type { AdapterPayload } from 'oidc-provider'
import type { Store } from '../store/store.ts'
import type { SigningKey } from './keys.ts'

/** What an access token stands for. */
export interface AccessTokenRecord {
  readonly id: string
  readonly clientId: string
  /** Undefined for tokens of the client_credentials grant. */
  readonly accountId: string | undefined
  readonly grantId: string | undefined
  readonly scopes: readonly string[]
  readonly audience: string | undefined
  readonly expiresAtSeconds: number
  readonly issuedAtSeconds: number
  /** Thumbprint of the DPoP key it is bound to. */
  readonly keyThumbprint: string | undefined
}

/** A token just made by oidc-provider. */
export interface IssuedToken {
  readonly jti: string
  /** Lifetime in seconds. */
  readonly expiration: number
  readonly clientId?: string | undefined
  readonly accountId?: string | undefined
  readonly grantId?: string | undefined
  readonly scope?: string | undefined
  readonly aud?: string | string[] | undefined
  readonly jkt?: string | undefined
}

/** Every access token that was issued, opaque or JWT: both are looked up here, so both can be revoked. */
export interface AccessTokens {
  /** A live token's record; `undefined` for anything expired, revoked, forged or unknown. */
  find(token: string): Promise<AccessTokenRecord | undefined>
  /** Notes a JWT, which oidc-provider does not store. */
  noteIssued(kind: string, token: IssuedToken): void
  /** Ends the tokens of a client, or all of them. @returns how many there were */
  expire(filter?: { readonly clientId?: string | undefined; readonly grantId?: string | undefined }): number
}

const KINDS = ['AccessToken', 'ClientCredentials'] as const

export function createAccessTokens(store: Store, key: SigningKey): AccessTokens {
  const { d: _, ...publicPart } = key

  async function idOf(token: string): Promise<string | undefined> {
    if (token.split('.').length !== 3) return token
    try {
      const { payload } = await jwtVerify(token, await importJWK(publicPart, key.alg))
      return payload.jti
    } catch {
      return undefined
    }
  }

  return {
    async find(token) {
      const id = await idOf(token)
      if (id === undefined) return undefined
      for (const kind of KINDS) {
        const payload = store.find(kind, id)
        if (payload !== undefined) return recordOf(id, payload)
      }
      return undefined
    },
    noteIssued(kind, { jti, expiration, ...facts }) {
      const iat = Math.floor(store.rules.now() / 1000)
      const exp = iat + expiration
      store.put(kind, jti, { payload: { jti, iat, exp, ...facts }, expiresAtMs: exp * 1000 })
    },
    expire({ clientId, grantId } = {}) {
      let count = 0
      for (const kind of KINDS) {
        const rows = store.model(kind)
        for (const [id, { payload }] of rows) {
          if (clientId !== undefined && payload.clientId !== clientId) continue
          if (grantId !== undefined && payload.grantId !== grantId) continue
          rows.delete(id)
          count += 1
        }
      }
      return count
    },
  }
}

function recordOf(id: string, payload: AdapterPayload): AccessTokenRecord {
  const { clientId = '', accountId, grantId, scope, aud, exp = 0, iat = 0 } = payload
  return {
    id,
    clientId,
    accountId,
    grantId,
    scopes: scope?.split(' ').filter((name) => name !== '') ?? [],
    audience: Array.isArray(aud) ? aud[0] : aud,
    expiresAtSeconds: exp,
    issuedAtSeconds: iat,
    keyThumbprint: (payload as { jkt?: string }).jkt,
  }
}
