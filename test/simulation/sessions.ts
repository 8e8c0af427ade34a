import type { AuthorizationServer, Family } from '../support/authorization-server.ts'

/** What may be seen of a stored session. */
export interface SeenRecord {
  readonly generation: number
  readonly epoch: string
  readonly ended?: string
  readonly token?: { readonly accessToken: string }
  /** Tokens beside the session's own: what each is for is in the name. */
  readonly others?: Readonly<Record<string, { readonly token: { readonly accessToken: string } }>>
  readonly refreshToken?: string
  readonly lease?: { readonly attemptId: string; readonly locked: boolean }
  readonly retryAtMs?: number
}

/** All that is known of one session, that is, of one sign-in. */
export interface Session {
  readonly epoch: string
  readonly family: Family
  /** Counts sessions in the order in which they were first stored; `undefined` as long as this one was not. */
  order: number | undefined
  /** Whether its tab knows that it was stored. */
  isConfirmed: boolean
  wasSignedOut: boolean
  isBuried: boolean
  wasCleared: boolean
}

/** Every session that anyone has seen. */
export interface Sessions {
  /** The session that a token belongs to; it becomes known by that. */
  readonly of: (epoch: string, accessToken: string) => Session | undefined
  readonly get: (epoch: string | undefined) => Session | undefined
  readonly all: () => readonly Session[]
}

export function createSessions(server: AuthorizationServer, fail: (what: string) => void): Sessions {
  const known = new Map<string, Session>()
  return {
    of: (epoch, accessToken) => {
      const family = server.accessToken(accessToken)?.family
      if (!family) {
        fail(`somebody has a token that the server never issued: ${accessToken}`)
        return undefined
      }
      const session = known.get(epoch) ?? {
        epoch,
        family,
        order: undefined,
        isConfirmed: false,
        wasSignedOut: false,
        isBuried: false,
        wasCleared: false,
      }
      known.set(epoch, session)
      if (session.family !== family) fail(`session ${epoch.slice(0, 4)} has tokens of two sign-ins`)
      return session
    },
    get: (epoch) => (epoch === undefined ? undefined : known.get(epoch)),
    all: () => [...known.values()],
  }
}

/** A record or a snapshot in a few words, for the trace. */
export function described(value: object): string {
  const { epoch, sessionId, generation, ended, token, lease, refreshToken, isRefreshing } = value as Partial<
    SeenRecord & { sessionId: string; isRefreshing: boolean }
  >
  const parts = [
    (epoch ?? sessionId ?? '').slice(0, 4),
    generation !== undefined && `generation ${generation}`,
    ended !== undefined && `ended "${ended}"`,
    token?.accessToken,
    refreshToken,
    lease && `lease ${lease.attemptId.slice(0, 4)}${lease.locked ? ' locked' : ''}`,
    isRefreshing && 'refreshing',
  ]
  return parts.filter(Boolean).join(' ')
}
