import type { Page } from './browser.ts'
import type { Sent } from './network.ts'
import type { Profile } from './profile.ts'
import type { SeenRecord, Sessions } from './sessions.ts'
import type { SimulatedServer } from './simulated-server.ts'
import type { Tally } from './tally.ts'
import type { Actor, World } from './world.ts'

/** The facts of one schedule that can be seen from outside. */
export interface EvidenceOptions {
  readonly world: World
  readonly server: SimulatedServer
  readonly tally: Tally
  readonly profile: Profile
  /** Whether sessions may end by themselves. */
  readonly mayExpire: boolean
  readonly sessionOnDisk: () => SeenRecord | undefined
  /** Whether a caller waits for a token in this page. */
  readonly isAsked: (page: Page) => boolean
}

/** The findings that the parts of the invariant checker share. */
export interface Evidence extends EvidenceOptions {
  readonly fail: (what: string) => void
  readonly sessions: Sessions
  /** In the order in which they were sent. */
  readonly requests: Sent[]
  readonly leaseWriters: Map<string, Actor>
  /** The generation that an access token was stored as, or would have been. */
  readonly generations: Map<string, number>
  /** Until when the server asked a page to wait. */
  readonly waits: Map<Actor, { readonly secret: string; readonly untilMs: number }>
  /** The same, for all tabs: it stands in the record. */
  storedWaitMs: number
  clearings: number
  /** How many requests had been sent when a user signed out last. */
  lastSignOut: number | undefined
}
