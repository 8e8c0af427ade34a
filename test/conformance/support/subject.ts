import { createClient } from '../../../packages/core/src/client.ts'
// What core loads when it first needs it must be there at once: checks have a clock that stands still.
import '../../../packages/core/src/server-flows.ts'
import '../../../packages/core/src/token-flows.ts'
import { resolveOptions } from '../../../packages/core/src/options.ts'
import { broadcastChannel } from '../../../packages/core/src/ports/channel.ts'
import { indexedDbStorage } from '../../../packages/core/src/ports/indexed-db.ts'
import { listenToPopup } from '../../../packages/core/src/ports/popup-listener.ts'
import { reportToOpener } from '../../../packages/core/src/ports/popup-report.ts'
import { obtainClient } from '../../../packages/core/src/registration/obtain-client.ts'
import '../../../packages/core/src/protocol/dpop.ts'
import type { Subject } from '../statement.ts'

/** The sources as they are. */
export const subject: Subject = {
  createClient,
  resolveOptions,
  broadcastChannel,
  obtainClient,
  indexedDbStorage,
  listenToPopup,
  reportToOpener,
}
