export { createTelnyxAuth } from './client.ts'
export type {
  ErrorDetails,
  MissingAuthorization,
  ServerAnswer,
  TelnyxAuthErrorCode,
  TelnyxAuthErrorPhase,
} from './errors.ts'
export { isTelnyxAuthError, TelnyxAuthError } from './errors.ts'
export type { TelnyxAuthEvent } from './events.ts'
export type { DiagnoseOptions, Finding, FindingCheck } from './finding.ts'
export type { RevocableTokens, TelnyxAuthOptions } from './options.ts'
export type { StoragePort } from './ports/storage.ts'
export type { AuthSnapshot, PendingSnapshot, SignedInSnapshot, SignedOutSnapshot, Token } from './session.ts'
export type {
  GetAccessTokenOptions,
  OpenUrl,
  OpenUrlContext,
  SignInOptions,
  SignOutOptions,
  SignOutResult,
  TelnyxAuth,
  TokenTarget,
} from './telnyx-auth.ts'
