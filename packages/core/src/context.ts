import type { TelnyxAuthError } from './errors.ts'
import type { EventBody } from './events.ts'
import type { LiveRecord, RefreshFailures, StoredRecord } from './model/record.ts'
import type { ResolvedOptions } from './options.ts'
import type { BrowserFacts } from './ports/browser-facts.ts'
import type { ChannelPort } from './ports/channel.ts'
import type { ClockPort } from './ports/clock.ts'
import type { LockPort } from './ports/lock.ts'
import type { PagePort } from './ports/page.ts'
import type { StoragePort } from './ports/storage.ts'
import type { Prover } from './protocol/dpop.ts'
import type { Metadata, Transport } from './protocol/transport.ts'
import type { SnapshotStore } from './session.ts'

/** The outside world, as flows see it. */
export interface Ports {
  /** Sessions and metadata. */
  readonly storage: StoragePort
  /** Sign-ins under way: must outlive the redirect. */
  readonly transactions: StoragePort
  /** @default Web Locks: the code that needs them brings them, and it is loaded behind the first paint */
  readonly lock?: LockPort
  /** @default the user activation of this page; like the locks, it comes with the code that needs it */
  readonly isUserActive?: () => boolean
  readonly channel: ChannelPort
  readonly clock: ClockPort
  readonly page: PagePort
  readonly fetch: typeof globalThis.fetch
  /** Answers the questions of a diagnosis. @default the facts of this tab */
  readonly facts?: BrowserFacts
}

/**
 * The session that this tab shows. Written by `publish-session.ts`, `signInError` by `show-sign-in-failure.ts`; numbered anew by
 * `save-session.ts`.
 */
export interface SessionState {
  current: LiveRecord | undefined
  /** Set while no storage has taken `current`: tells which records of other sessions it replaces as soon as one does. */
  replaces: ((other: StoredRecord | undefined) => boolean) | undefined
  /** The session that was signed out here, or whose refresh token is dead: never shown again, whatever a late write brings. */
  signedOutId: string | undefined
  /** A sign-in that failed while this session went on. */
  signInError: TelnyxAuthError | undefined
  /** `appState` of a sign-in that ended in this tab, with the session that it led to. Written by the flows of sign-ins. */
  appState: { readonly sessionId: string; readonly value: unknown } | undefined
}

/** The refreshes of one token in this tab, until a newer token is here. Written by the flow that refreshes it. */
export interface RefreshState {
  /** The refresh under way. */
  pending?: Promise<void> | undefined
  /** The last failure. */
  error?: TelnyxAuthError
  /** The failures of this tab; those of requests are in the record too, for all tabs. */
  failures?: RefreshFailures
  /** The access token that a resource refused last with a 401. */
  unauthorizedToken?: string
}

/** Numbers reads of the store. Written by `read-sequence.ts` alone. */
export interface ReadState {
  begun: number
  latest: number
  /** Another tab has changed the store since the last read began. */
  isBehind: boolean
}

/** A metadata document as the server sent it. */
export interface CachedDocument<T = Metadata> {
  readonly document: T
  readonly fetchedAtMs: number
}

/** Metadata by the URL that they are of. Written by `discover.ts` alone. */
export interface MetadataState {
  readonly cached: Map<string, CachedDocument<unknown>>
  readonly pending: Map<string, Promise<unknown>>
}

/** The facts that this tab knows beyond the store, each with one owner. */
export interface TabState {
  readonly session: SessionState
  /** Replaced with each new token, by `publish-session.ts`. */
  refresh: RefreshState
  /** The same of resource tokens, by their key: their failures do not make the session stale. */
  readonly resourceTokens: Map<string, RefreshState>
  /** The last attempt whose failure could not be stored: its lease may be there still. Written by `store-failure.ts` alone. */
  failedAttemptId: string | undefined
  /** The time of the last wake-up: the network may be back. Written by `schedule-refresh.ts` alone. */
  wokenAtMs: number
  readonly reads: ReadState
  readonly metadata: MetadataState
  /** The sign-ins through `openUrl` that this tab waits for, by their `state`. Written by `open-url.ts` alone. */
  opened?: Map<string, (error: TelnyxAuthError | undefined) => void>
  /** Signs with the key of the session. Written by `with-dpop.ts` alone. */
  prover: Prover | undefined
  cancelTimer: () => void
  isRunning: boolean
}

/** Everything a flow may use. */
export interface Context extends Ports {
  readonly options: ResolvedOptions
  readonly transport: Transport
  readonly snapshots: SnapshotStore
  readonly emit: (event: EventBody) => void
  /** Names this client's session record; also its lock and its channel. */
  readonly sessionKey: string
  readonly state: TabState
  /** The flows that talk to the authorization server. @throws {TelnyxAuthError} `network_error`: it cannot be loaded */
  readonly loadServerFlows: () => Promise<typeof import('./server-flows.ts')>
  /** The flows that few pages need: resource tokens, 401 and 403, step-up, a sign-out at the server. @throws {TelnyxAuthError} `network_error` */
  readonly loadTokenFlows: () => Promise<typeof import('./token-flows.ts')>
  /** Sets the timer for the next refresh, or the end of the session, anew. */
  readonly rearm: () => void
}

/** The state of a tab that knows nothing yet. */
export function newTabState(): TabState {
  return {
    session: {
      current: undefined,
      replaces: undefined,
      signedOutId: undefined,
      signInError: undefined,
      appState: undefined,
    },
    refresh: {},
    resourceTokens: new Map(),
    failedAttemptId: undefined,
    wokenAtMs: 0,
    reads: { begun: 0, latest: 0, isBehind: false },
    metadata: { cached: new Map(), pending: new Map() },
    prover: undefined,
    cancelTimer: () => {},
    isRunning: false,
  }
}
