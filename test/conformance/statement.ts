import type { obtainClient } from '../../packages/core/src/flows/obtain-client.ts'
import type { broadcastChannel } from '../../packages/core/src/ports/channel.ts'
import type { indexedDbStorage } from '../../packages/core/src/ports/indexed-db.ts'
import type { listenToPopup, reportToOpener } from '../../packages/core/src/ports/popup-window.ts'
import type { Mutation } from '../support/mutated-core.ts'
import type { CoreUnderTest } from '../support/simulated-browser.ts'

/** Documents that statements about guidance are held against, by their path below the root. */
export type DocumentPath =
  | 'README.md'
  | 'SECURITY.md'
  | 'packages/core/README.md'
  | 'packages/react/README.md'

/** What is examined: core as apps run it, and what they are told about it. */
export interface Subject extends CoreUnderTest {
  readonly broadcastChannel: typeof broadcastChannel
  readonly obtainClient: typeof obtainClient
  readonly indexedDbStorage: typeof indexedDbStorage
  readonly listenToPopup: typeof listenToPopup
  readonly reportToOpener: typeof reportToOpener
  readonly documents: Readonly<Record<DocumentPath, string>>
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
  /** The change that breaks this statement and no other. Its file is one of core, or a document. */
  readonly mutation: Mutation
}
