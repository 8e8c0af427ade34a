import type { TelnyxAuthError } from './errors.ts'
import type { EventBody } from './events.ts'
import type { LiveRecord } from './model/record.ts'
import type { ResolvedOptions } from './options.ts'
import type { BrowserFacts } from './ports/browser-facts.ts'
import type { ChannelMessage, ChannelPort } from './ports/channel.ts'
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
  readonly lock: LockPort
  readonly channel: ChannelPort
  readonly clock: ClockPort
  readonly page: PagePort
  readonly fetch: typeof globalThis.fetch
  /** What a diagnosis asks the browser. @default the facts of this tab */
  readonly facts?: BrowserFacts
}

/** What this tab knows of one token beside the session's own. */
export interface OtherTokenNotes {
  readonly epoch: string
  flight: Promise<void> | undefined
  failure: TabState['failure']
  refusedToken: string | undefined
}

/** What this tab knows beyond the store. */
export interface TabState {
  /** The session this tab shows. */
  held: LiveRecord | undefined
  /** The session the person left here: never shown again, whatever a late write says. */
  leftEpoch: string | undefined
  /** The refresh under way in this tab. */
  flight: Promise<void> | undefined
  /** Counts looks at the store, so that a late answer never undoes a newer one. */
  looks: number
  lastLook: number
  /** After a failed refresh: what went wrong and when to try again. */
  failure: { readonly error: TelnyxAuthError; readonly retryAtMs: number } | undefined
  failedGoes: number
  /** What another tab told last, stored or not, and when: as the clock's `elapsedMs`. */
  heard: (ChannelMessage & { readonly heardAtMs: number }) | undefined
  /** What this tab alone has: its refresh token is the good one, that in the store is spent. */
  unsaved: LiveRecord | undefined
  /** The access token that a resource refused last: what replaces it is marked. */
  refusedToken: string | undefined
  /** Proves that this browser has the key of the session it shows. */
  prover: Prover | undefined
  /** The same three for every token beside the session's own. */
  readonly others: Map<string, OtherTokenNotes>
  metadata: { readonly document: Metadata; readonly fetchedAtMs: number } | undefined
  metadataRequest: Promise<Metadata> | undefined
  /** Where the sign-in leads whose answer this page got. */
  returnTo: string | undefined
  cancelTimer: () => void
  isRunning: boolean
}

/** Everything a flow may use. */
export interface Context extends Ports {
  readonly options: ResolvedOptions
  readonly transport: Transport
  readonly snapshots: SnapshotStore
  readonly emit: (event: EventBody) => void
  /** Names this client's session record; also the name of its lock and its channel. */
  readonly sessionKey: string
  readonly state: TabState
  /** All that talks to the authorization server. @throws {TelnyxAuthError} `network_error`: it cannot be loaded */
  readonly engine: () => Promise<typeof import('./engine.ts')>
  /** Sets the timer for the next renewal anew. */
  readonly rearm: () => void
}
