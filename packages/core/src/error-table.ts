import type { TelnyxAuthErrorPhase } from './errors.ts'

type Row = readonly [phase: TelnyxAuthErrorPhase, retryable: 0 | 1]

/** The closed list of codes. */
export type ErrorCode =
  | 'insecure_context'
  | 'metadata_unavailable'
  | 'metadata_invalid'
  | 'issuer_not_allowed'
  | 'pkce_unsupported'
  | 'dpop_unsupported'
  | 'login_loop'
  | 'step_up_loop'
  | 'popup_blocked'
  | 'popup_closed'
  | 'transaction_not_found'
  | 'callback_interrupted'
  | 'callback_invalid'
  | 'issuer_mismatch'
  | 'access_denied'
  | 'authorization_failed'
  | 'network_error'
  | 'server_unavailable'
  | 'response_invalid'
  | 'request_rejected'
  | 'invalid_grant'
  | 'refresh_rejected'
  | 'refresh_response_lost'
  | 'refresh_pending'
  | 'signed_out'
  | 'session_expired'
  | 'session_replaced'
  | 'storage_cleared'
  | 'storage_failed'
  | 'newer_version'
  | 'resource_not_allowed'
  | 'request_not_allowed'
  | 'unexpected_redirect'
  | 'insufficient_scope'
  | 'insufficient_user_authentication'
  | 'registration_refused'
  | 'registration_unusable'

/** Every error code: where it arises, whether to try again. The texts are in `errors/`. */
export const errorTable: Readonly<Record<ErrorCode, Row>> = {
  insecure_context: ['sign-in', 0],
  metadata_unavailable: ['discovery', 1],
  metadata_invalid: ['discovery', 0],
  issuer_not_allowed: ['discovery', 0],
  pkce_unsupported: ['discovery', 0],
  dpop_unsupported: ['sign-in', 0],
  login_loop: ['sign-in', 0],
  step_up_loop: ['sign-in', 0],
  popup_blocked: ['sign-in', 1],
  popup_closed: ['sign-in', 1],
  transaction_not_found: ['callback', 1],
  callback_interrupted: ['callback', 1],
  callback_invalid: ['callback', 1],
  issuer_mismatch: ['callback', 0],
  access_denied: ['callback', 1],
  authorization_failed: ['callback', 1],
  network_error: ['refresh', 1],
  server_unavailable: ['refresh', 1],
  response_invalid: ['refresh', 1],
  request_rejected: ['refresh', 0],
  invalid_grant: ['refresh', 0],
  refresh_rejected: ['refresh', 1],
  refresh_response_lost: ['refresh', 0],
  refresh_pending: ['refresh', 1],
  signed_out: ['session', 0],
  session_expired: ['session', 0],
  session_replaced: ['session', 1],
  storage_cleared: ['storage', 0],
  storage_failed: ['storage', 1],
  newer_version: ['storage', 0],
  resource_not_allowed: ['fetch', 0],
  request_not_allowed: ['fetch', 0],
  unexpected_redirect: ['fetch', 0],
  insufficient_scope: ['fetch', 0],
  insufficient_user_authentication: ['fetch', 0],
  registration_refused: ['registration', 0],
  registration_unusable: ['registration', 0],
}
