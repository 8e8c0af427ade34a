export type {
  AuthSnapshot,
  SignInOptions,
  SignOutOptions,
  TelnyxAuth,
  TelnyxAuthErrorCode,
  TelnyxAuthEvent,
  TelnyxAuthOptions,
  TokenTarget,
} from '@telnyx-oauth/core'
export type { TelnyxAuthProviderProps } from './auth-provider.ts'
export { TelnyxAuthProvider } from './auth-provider.ts'
export { createTelnyxAuth, isTelnyxAuthError, TelnyxAuthError } from './core.ts'
export type { RequireSignInProps, SignedOutViewProps } from './guards.ts'
export { RequireSignIn, SignedIn, SignedOut } from './guards.ts'
export { useTelnyxAuthClient } from './use-auth-client.ts'
export { useSuspenseTelnyxToken } from './use-suspense-telnyx-token.ts'
export type { TelnyxAuthActions, TelnyxAuthDetails, TelnyxAuthState } from './use-telnyx-auth.ts'
export { useTelnyxAuth } from './use-telnyx-auth.ts'
export { useTelnyxFetch } from './use-telnyx-fetch.ts'
export type { NoTelnyxToken, TelnyxToken, TelnyxTokenState } from './use-telnyx-token.ts'
export { useTelnyxToken } from './use-telnyx-token.ts'
