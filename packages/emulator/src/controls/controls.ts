import type { EndpointName } from '../endpoints.ts'
import type { EmulatorAccount } from '../options/accounts.ts'
import type { SeedOptions } from '../options/options.ts'
import type { LoggedRequest, RequestFilter } from '../request-log/request-log.ts'
import type { ClientRecord, ClientSeed } from '../store/client-record.ts'
import type { GrantSummary } from '../store/grant-record.ts'
import type { Fault, QueuedFault } from './faults.ts'
import type { Hold, HoldOptions } from './holds.ts'
import type { ChangeableDocument, StandingChange } from './metadata-changes.ts'
import type { StandingStepUp, StepUp } from './step-ups.ts'

/** The members of an emulator that can be reached over HTTP too. */
export interface Controls {
  /** Issuer identifier, without a trailing slash. @throws {Error} before the first `start()` */
  readonly issuer: string
  readonly accounts: readonly EmulatorAccount[]
  /** What people allowed apps to do, as it stands. */
  readonly grants: readonly GrantSummary[]
  /** The requests that arrived, oldest first. */
  requests(filter?: RequestFilter): readonly LoggedRequest[]
  /** Forgets the requests that match; all of them without a filter. */
  clearRequests(filter?: RequestFilter): void
  /** The next matching request that is answered after this call. Rejects if the emulator is reset or stopped before. */
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
