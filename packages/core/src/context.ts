import type { TelnyxAuthError } from './errors.ts'
import type { EventBody } from './events.ts'
import type { LiveRecord, RefreshFailures } from './model/record.ts'
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

/** The session that this tab shows. Written by `publish-session.ts` alone, `signInError` by `show-sign-in-failure.ts`. */
export interface SessionState {
  current: LiveRecord | undefined
  /** The part that this tab alone has because a write failed: the newest tokens, or the whole session. */
  unsaved: 'tokens' | 'session' | undefined
  /** The session that was signed out here: never shown again, whatever a late write brings. */
  signedOutId: string | undefined
  /** A sign-in that failed while this session went on. */
  signInError: TelnyxAuthError | undefined
}

/** The refreshes of one token. Written by the flow that refreshes it. */
export interface RefreshState {
  /** The refresh under way in this tab, and the session and generation that it began with. */
  pending:
    | { readonly sessionId: string; readonly generation: number; readonly done: Promise<void> }
    | undefined
  /** The last failure, until a newer token is here. */
  failure:
    | { readonly sessionId: string; readonly error: TelnyxAuthError; readonly retryAtMs: number }
    | undefined
  /** The access token that a resource refused last with a 401. */
  unauthorizedToken: string | undefined
}

/** The refreshes of one resource token, whose failures do not make the session stale. */
export interface ResourceTokenState extends RefreshState {
  failures: RefreshFailures | undefined
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
  readonly refresh: RefreshState
  /** Failures and pending refreshes of resource tokens, by their key. */
  readonly resourceTokens: Map<string, ResourceTokenState>
  readonly reads: ReadState
  readonly metadata: MetadataState
  /** Signs with the key of the session. Written by `with-dpop.ts` alone. */
  prover: Prover | undefined
  /** Ends with the refresh of this tab that is in turn. Written by `refresh-across-tabs.ts` alone. */
  turn: Promise<void>
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
  /** The flows of resource tokens, and of 401 and 403. @throws {TelnyxAuthError} `network_error` */
  readonly loadTokenFlows: () => Promise<typeof import('./token-flows.ts')>
  /** Sets the timer for the next refresh, or the end of the session, anew. */
  readonly rearm: () => void
}

/** The state of a tab that knows nothing yet. */
export function newTabState(): TabState {
  return {
    session: { current: undefined, unsaved: undefined, signedOutId: undefined, signInError: undefined },
    refresh: { pending: undefined, failure: undefined, unauthorizedToken: undefined },
    resourceTokens: new Map(),
    reads: { begun: 0, latest: 0, isBehind: false },
    metadata: { cached: new Map(), pending: new Map() },
    prover: undefined,
    turn: Promise.resolve(),
    cancelTimer: () => {},
    isRunning: false,
  }
}
