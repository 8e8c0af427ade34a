export type { EmulatorAccount } from './accounts.ts'
export type { ClientRecord, ClientSeed, GrantType } from './client-record.ts'
export { createEmulator, type Emulator } from './emulator.ts'
export type { EndpointName } from './endpoints.ts'
export type { Fault, Moment, QueuedFault } from './faults.ts'
export type { Hold, HoldOptions } from './holds.ts'
export type { SigningAlgorithm } from './keys.ts'
export type { ChangeableDocument, StandingChange } from './metadata-changes.ts'
export type {
  ConsentPageOptions,
  CorsOptions,
  EmulatorOptions,
  MetadataDocument,
  OpenIdOptions,
  SeedOptions,
} from './options.ts'
export type { ProfileName, RateLimit } from './profiles.ts'
export type { RefusalName, RefusalResponse } from './refresh-token-refusal.ts'
export type { LoggedRequest, RequestFilter } from './request-log.ts'
