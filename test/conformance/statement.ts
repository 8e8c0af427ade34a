import type { broadcastChannel } from '../../packages/core/src/ports/channel.ts'
import type { indexedDbStorage } from '../../packages/core/src/ports/indexed-db.ts'
import type { listenToPopup } from '../../packages/core/src/ports/popup-listener.ts'
import type { reportToOpener } from '../../packages/core/src/ports/popup-report.ts'
import type { obtainClient } from '../../packages/core/src/registration/obtain-client.ts'
import type { Mutation } from '../support/mutation.ts'
import type { CoreUnderTest } from '../support/simulated-browser.ts'

/** The exports of core that are examined. */
export interface Subject extends CoreUnderTest {
  readonly broadcastChannel: typeof broadcastChannel
  readonly obtainClient: typeof obtainClient
  readonly indexedDbStorage: typeof indexedDbStorage
  readonly listenToPopup: typeof listenToPopup
  readonly reportToOpener: typeof reportToOpener
}

/** One thing that a standard demands of a browser client, as a program can see it. */
export interface Statement {
  /** As in the list of statements: B for RFC 10017, S for RFC 9700, D for OAuth 2.1, N for what stands beside them. */
  readonly id: string
  /** A fact in our own words. */
  readonly title: string
  /** Where the standard says it. */
  readonly source: string
  /** Fails where the subject does not do so. */
  readonly check: (subject: Subject) => Promise<void> | void
  /** Breaks what this statement is about. */
  readonly mutation: Mutation
}
