import type { Family } from '../support/authorization-server.ts'
import type { SimulatedServer } from './simulated-server.ts'

/** What may be seen of a stored session. */
export interface SeenRecord {
  readonly generation: number
  readonly sessionId: string
  readonly ended?: string
  readonly token?: { readonly accessToken: string }
  /** Tokens beside the session's own: what each is for is in the name. */
  readonly resourceTokens?: Readonly<Record<string, { readonly token: { readonly accessToken: string } }>>
  readonly refreshToken?: string
  readonly lease?: { readonly attemptId: string; readonly locked: boolean }
  readonly failures?: { readonly count: number; readonly retryAtMs: number }
  readonly isResponseLost?: true
}

/** All that is known of one session, that is, of one sign-in. */
export interface Session {
  readonly sessionId: string
  readonly family: Family
  /** Counts sessions in the order in which they were first stored; `undefined` as long as this one was not. */
  order: number | undefined
  /** Whether its tab knows that it was stored. */
  isConfirmed: boolean
  wasSignedOut: boolean
  isBuried: boolean
  wasCleared: boolean
  /** Whether a lease of it was taken over: its request may have been out. */
  wasAbandoned: boolean
}

/** Every session that anyone has seen. */
export interface Sessions {
  /** The session that a token belongs to; it becomes known by that. */
  readonly of: (sessionId: string, accessToken: string) => Session | undefined
  readonly get: (sessionId: string | undefined) => Session | undefined
  readonly all: () => readonly Session[]
}

export function createSessions(server: SimulatedServer, fail: (what: string) => void): Sessions {
  const known = new Map<string, Session>()
  return {
    of: (sessionId, accessToken) => {
      const family = server.accessToken(accessToken)?.family
      if (!family) {
        fail(`somebody has a token that the server never issued: ${accessToken}`)
        return undefined
      }
      const session = known.get(sessionId) ?? {
        sessionId,
        family,
        order: undefined,
        isConfirmed: false,
        wasSignedOut: false,
        isBuried: false,
        wasCleared: false,
        wasAbandoned: false,
      }
      known.set(sessionId, session)
      if (session.family !== family) fail(`session ${sessionId.slice(0, 4)} has tokens of two sign-ins`)
      return session
    },
    get: (sessionId) => (sessionId === undefined ? undefined : known.get(sessionId)),
    all: () => [...known.values()],
  }
}

/** A record or a snapshot in a few words, for the trace. */
export function described(value: object): string {
  const { sessionId, generation, ended, token, lease, refreshToken, isRefreshing } = value as Partial<
    SeenRecord & { isRefreshing: boolean }
  >
  const parts = [
    (sessionId ?? '').slice(0, 4),
    generation !== undefined && `generation ${generation}`,
    ended !== undefined && `ended "${ended}"`,
    token?.accessToken,
    refreshToken,
    lease && `lease ${lease.attemptId.slice(0, 4)}${lease.locked ? ' locked' : ''}`,
    isRefreshing && 'refreshing',
  ]
  return parts.filter(Boolean).join(' ')
}
