export type { Fault, Moment, QueuedFault } from './controls/faults.ts'
export type { Hold, HoldOptions } from './controls/holds.ts'
export type { ChangeableDocument, StandingChange } from './controls/metadata-changes.ts'
export { createEmulator, type Emulator } from './emulator.ts'
export type { EndpointName } from './endpoints.ts'
export type { EmulatorAccount } from './options/accounts.ts'
export type {
  ConsentPageOptions,
  ControlAccess,
  CorsOptions,
  EmulatorOptions,
  MetadataDocument,
  OpenIdOptions,
  SeedOptions,
} from './options/options.ts'
export type { ProfileName, RateLimit } from './options/profiles.ts'
export type { RefusalName, RefusalResponse } from './options/refusals.ts'
export type { LoggedRequest, RequestFilter } from './request-log/request-log.ts'
export type { ClientRecord, ClientSeed, GrantType } from './store/client-record.ts'
export type { SigningAlgorithm } from './tokens/keys.ts'
