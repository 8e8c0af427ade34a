import type { Fault, QueuedFault } from './controls/faults.ts'
import type { Hold, HoldOptions } from './controls/holds.ts'
import type { ChangeableDocument, StandingChange } from './controls/metadata-changes.ts'
import type { StandingStepUp, StepUp } from './controls/step-ups.ts'
import { createParts } from './emulator-state.ts'
import type { EndpointName } from './endpoints.ts'
import type { EmulatorAccount } from './options/accounts.ts'
import type { EmulatorOptions, SeedOptions } from './options/options.ts'
import { resolveOptions } from './options/resolve-options.ts'
import type { LoggedRequest, RequestFilter } from './request-log/request-log.ts'
import { createLifecycle } from './server/lifecycle.ts'
import type { ClientRecord, ClientSeed } from './store/client-record.ts'
import { growSeeds, plantClient, plantSeeds } from './store/seed-defaults.ts'

/** A local Telnyx OAuth server. Nothing happens before `start()`. */
export interface Emulator {
  /** Issuer identifier, without a trailing slash. @throws {Error} before the first `start()` */
  readonly issuer: string
  /** Where it is reached: the same as `issuer`, unless that was set. @throws {Error} before the first `start()` */
  readonly url: string
  readonly accounts: readonly EmulatorAccount[]
  /** The OAuth clients there are now, secrets included. */
  readonly clients: readonly ClientRecord[]
  /** What people allowed apps to do, as it stands. */
  readonly grants: readonly GrantSummary[]
  /** Listens. Resolves once it answers. @throws {Error} with code `EADDRINUSE` when the port is taken */
  start(): Promise<void>
  /** Stops listening and cuts what is still open. What it remembers stays: `start()` goes on, on the same port. */
  stop(): Promise<void>
  /** The requests that arrived, oldest first. */
  requests(filter?: RequestFilter): readonly LoggedRequest[]
  clearRequests(): void
  /** The next matching request that is answered after this call. */
  waitForRequest(filter?: RequestFilter): Promise<LoggedRequest>
  /** Ends access tokens: all of them, or those of one client or grant. @returns how many there were */
  expireAccessTokens(filter?: { readonly clientId?: string; readonly grantId?: string }): number
  /** Revokes a grant: its refresh tokens and, unless set otherwise, its access tokens. @returns whether it existed */
  revokeGrant(id: string): boolean
  /** Adds an OAuth client, or replaces the one with its id. */
  addClient(client: ClientSeed): ClientRecord
  /** Makes up clients and grants for the first account until there are so many. */
  seed(seed: SeedOptions): void
  /** Forgets everything since the start: tokens, grants, clients, requests, faults and holds. */
  reset(): void
  /** Lets the next requests to an endpoint go wrong. Faults queue up, one after the other. */
  fail(endpoint: EndpointName, fault: Fault): QueuedFault
  /** Keeps the next requests to an endpoint open until they are released. */
  hold(endpoint: EndpointName, options?: HoldOptions): Hold
  /**
   * Sets members of the server metadata (`metadata`) or of every resource metadata document; `null` leaves one out.
   * Only the documents change: what the server does stays as it was.
   */
  changeMetadata(document: ChangeableDocument, members: Readonly<Record<string, unknown>>): StandingChange
  /** Lets a resource endpoint answer only to those who signed in strongly or recently enough. @see RFC 9470 */
  requireStepUp(endpoint: EndpointName, stepUp: StepUp): StandingStepUp
}

/** A grant, as `Emulator.grants` lists it. */
export interface GrantSummary {
  readonly id: string
  readonly accountId: string
  readonly clientId: string
  readonly scopes: readonly string[]
}

/**
 * Makes a Telnyx OAuth server for development and tests.
 *
 * @throws {TypeError} when an option is not what it must be; the message names it
 */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  const resolved = resolveOptions(options)
  const parts = createParts(resolved)
  const { store, log, faults, holds, stepUps, limits, metadataChanges } = parts
  const lifecycle = createLifecycle(resolved, parts)
  plantSeeds(store, resolved)

  const emulator: Emulator = Object.freeze({
    get issuer() {
      return resolved.issuer ?? lifecycle.url()
    },
    get url() {
      return lifecycle.url()
    },
    accounts: resolved.accounts,
    get clients() {
      return [...store.clients.values()]
    },
    get grants() {
      return [...store.grants.entries()].map(([id, { accountId, clientId, scopes }]) => ({
        id,
        accountId,
        clientId,
        scopes,
      }))
    },
    start: () => lifecycle.start(emulator),
    stop: () => lifecycle.stop(),
    requests: (filter) => log.list(filter),
    clearRequests: () => log.clear(),
    waitForRequest: (filter) => log.next(filter),
    expireAccessTokens: (filter) => lifecycle.tokens()?.expire(filter) ?? 0,
    revokeGrant: (id) => store.revokeGrant(id),
    addClient: (client) => plantClient(store, resolved, client),
    seed: (seed) => growSeeds(store, resolved, seed),
    reset() {
      store.clear()
      plantSeeds(store, resolved)
      log.clear()
      faults.clear()
      stepUps.clear()
      limits.clear()
      metadataChanges.clear()
      holds.releaseAll()
    },
    fail: (endpoint, fault) => faults.add(endpoint, fault),
    hold: (endpoint, holdOptions) => holds.add(endpoint, holdOptions),
    changeMetadata: (document, members) => metadataChanges.add(document, members),
    requireStepUp: (endpoint, stepUp) => stepUps.require(endpoint, stepUp),
  } satisfies Emulator)
  return emulator
}
