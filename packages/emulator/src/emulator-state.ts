import { createFaults, type Faults } from './controls/faults.ts'
import { createHolds, type Hold, type Holds } from './controls/holds.ts'
import { createMetadataChanges, type MetadataChanges } from './controls/metadata-changes.ts'
import { createStepUps, type StepUps } from './controls/step-ups.ts'
import { createRateLimits, type RateLimits } from './http/rate-limits.ts'
import type { ResolvedOptions } from './options/resolve-options.ts'
import { createRequestLog, type RequestLog } from './request-log/request-log.ts'
import { createStore, type Store } from './store/store.ts'

/** What lives as long as the emulator, however often it is started. */
export interface EmulatorState {
  readonly store: Store
  readonly log: RequestLog
  readonly faults: Faults
  readonly holds: Holds
  /** Holds that were made over HTTP, by the ids that release them. */
  readonly holdsById: Map<string, Hold>
  readonly stepUps: StepUps
  readonly limits: RateLimits
  readonly metadataChanges: MetadataChanges
}

export function createEmulatorState(options: ResolvedOptions): EmulatorState {
  // Read late, so that a test that moves the clock moves it here too.
  const now = (): number => Date.now()
  const store = createStore({
    refreshGracePeriodMs: options.refreshGracePeriodSeconds * 1000,
    revokeAccessTokensWithGrant: options.revokeAccessTokensWithGrant,
    now,
  })
  return {
    store,
    log: createRequestLog(),
    faults: createFaults(),
    holds: createHolds(),
    holdsById: new Map(),
    stepUps: createStepUps(),
    limits: createRateLimits(now),
    metadataChanges: createMetadataChanges(),
  }
}
