import type { AuthorizationServer } from '../support/authorization-server.ts'
import type { Page } from './browser.ts'
import type { Sent } from './network.ts'
import type { SeenRecord, Sessions } from './sessions.ts'
import type { Tally } from './tally.ts'
import type { Actor, World } from './world.ts'

/** What the witness of one schedule knows from outside. */
export interface EvidenceOptions {
  readonly world: World
  readonly server: AuthorizationServer
  readonly tally: Tally
  readonly requestTimeoutMs: number
  /** Whether no answer can be lost that matters: then nobody may ever be signed out by a fault. */
  readonly isSafe: boolean
  readonly rotates: boolean
  /** Whether sessions may end by themselves. */
  readonly mayExpire: boolean
  readonly sessionOnDisk: () => SeenRecord | undefined
  /** Whether somebody waits for a token in this page. */
  readonly isAsked: (page: Page) => boolean
}

/** What its parts have found out, and tell each other. */
export interface Evidence extends EvidenceOptions {
  readonly fail: (what: string) => void
  readonly sessions: Sessions
  /** In the order in which they were sent. */
  readonly requests: Sent[]
  readonly leaseWriters: Map<string, Actor>
  /** The generation that an access token was stored as, or would have been. */
  readonly generations: Map<string, number>
  clearings: number
  /** How many requests had been sent when somebody signed out last. */
  lastSignOut: number | undefined
  /** Until when the stored record asks everyone to wait. */
  waitUntilMs: number
}
