import {
  checkClient,
  checkFault,
  checkGrantId,
  checkHold,
  checkMetadataChange,
  checkRequestFilter,
  checkSeed,
  checkStepUp,
  checkTokenFilter,
} from './controls/control-rules.ts'
import type { Controls } from './controls/controls.ts'
import { markHandled } from './controls/deferred.ts'
import { createEmulatorState } from './emulator-state.ts'
import type { EmulatorOptions } from './options/options.ts'
import { type ResolvedOptions, resolveOptions } from './options/resolve-options.ts'
import type { Entrance } from './server/entrance.ts'
import { createLifecycle } from './server/lifecycle.ts'
import { createPortEntrance } from './server/port-entrance.ts'
import type { ClientRecord } from './store/client-record.ts'
import { seedClient, seedDefaults, seedGenerated } from './store/seed-defaults.ts'

/** A local Telnyx OAuth server. Nothing happens before `start()`. */
export interface Emulator extends Controls {
  /** Where it is reached: the same as `issuer`, unless that was set. @throws {Error} before the first `start()` */
  readonly url: string
  /** The OAuth clients there are now, secrets included. */
  readonly clients: readonly ClientRecord[]
  /** Listens. Resolves once it answers. @throws {Error} with code `EADDRINUSE` when the port is taken */
  start(): Promise<void>
  /** Stops listening and cuts what is still open. What it remembers stays: `start()` goes on, on the same port. */
  stop(): Promise<void>
}

/**
 * Makes a Telnyx OAuth server for development and tests.
 *
 * @throws {TypeError} when an option is not what it must be; the message names it
 */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  const resolved = resolveOptions(options)
  return createEmulatorAt(createPortEntrance(resolved), resolved)
}

/** Makes an emulator whose requests come by that entrance. */
export function createEmulatorAt(entrance: Entrance, resolved: ResolvedOptions): Emulator {
  const state = createEmulatorState(resolved)
  const { store, log, faults, holds, stepUps, limits, metadataChanges } = state
  const lifecycle = createLifecycle(resolved, state, entrance)
  seedDefaults(store, resolved)

  const emulator: Emulator = Object.freeze({
    get issuer() {
      return entrance.issuerOf() ?? entrance.url()
    },
    get url() {
      return entrance.url()
    },
    get accounts() {
      return structuredClone(resolved.accounts)
    },
    get clients() {
      return structuredClone([...store.clients.values()])
    },
    get grants() {
      return [...store.grants.entries()].map(([id, { accountId, clientId, scopes }]) => ({
        id,
        accountId,
        clientId,
        scopes: [...scopes],
      }))
    },
    start: () => lifecycle.start(emulator),
    stop: () => lifecycle.stop(),
    requests: (filter = {}) => log.list(checkRequestFilter(filter)),
    clearRequests: (filter = {}) => log.clear(checkRequestFilter(filter, 'clearRequests')),
    waitForRequest: (filter = {}) =>
      markHandled((async () => log.next(checkRequestFilter(filter, 'waitForRequest')))()),
    expireAccessTokens(filter = {}) {
      checkTokenFilter(filter)
      return lifecycle.tokens()?.expire(filter) ?? 0
    },
    revokeGrant: (id) => store.revokeGrant(checkGrantId(id)),
    addClient: (client) =>
      structuredClone(seedClient(store, resolved, structuredClone(checkClient(client, resolved)))),
    seed: (seed) => seedGenerated(store, resolved, checkSeed(seed)),
    reset() {
      store.clear()
      seedDefaults(store, resolved)
      log.clear()
      faults.clear()
      stepUps.clear()
      limits.clear()
      metadataChanges.clear()
      holds.releaseAll('the emulator was reset')
      log.rejectPending('the emulator was reset')
    },
    fail: (endpoint, fault) => faults.add(endpoint, structuredClone(checkFault(endpoint, fault, resolved))),
    hold: (endpoint, hold = {}) => holds.add(endpoint, structuredClone(checkHold(endpoint, hold))),
    changeMetadata: (document, members) =>
      metadataChanges.add(document, structuredClone(checkMetadataChange(document, members))),
    requireStepUp: (endpoint, stepUp) =>
      stepUps.require(endpoint, structuredClone(checkStepUp(endpoint, stepUp))),
  } satisfies Emulator)
  return emulator
}
