import type { TelnyxAuthErrorPhase } from './errors.ts'

type Row = readonly [phase: TelnyxAuthErrorPhase, retryable: 0 | 1, message: string, hint: string]

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

/** Every error code: where it arises, whether to try again, what happened, what to do. Feeds `docs/errors.md`. */
export const errorTable: Readonly<Record<ErrorCode, Row>> = {
  insecure_context: [
    'sign-in',
    0,
    'This page is not a secure context',
    'Serve it over https, or from localhost.',
  ],
  metadata_unavailable: [
    'discovery',
    1,
    'The server metadata could not be read',
    'Check the connection, the issuer and its CORS headers.',
  ],
  metadata_invalid: [
    'discovery',
    0,
    'The server metadata is wrong',
    'Correct the issuer option, or tell its operator.',
  ],
  issuer_not_allowed: [
    'discovery',
    0,
    'The resource names no server that the app allows',
    'Add it to the issuers option if you trust it.',
  ],
  pkce_unsupported: [
    'discovery',
    0,
    'The server does not announce PKCE with S256',
    'Have its operator announce it, or set it in the metadata option.',
  ],
  dpop_unsupported: [
    'sign-in',
    0,
    'DPoP is required here and cannot be used',
    "Use a server and a storage that can, or dpop: 'auto'.",
  ],
  login_loop: [
    'sign-in',
    0,
    'Three automatic sign-ins in a minute did not last',
    'Let the person start the next one.',
  ],
  step_up_loop: [
    'sign-in',
    0,
    'Two step-ups did not satisfy the resource',
    'Tell its operator what it asked for.',
  ],
  popup_blocked: [
    'sign-in',
    1,
    'The browser blocked the window',
    'Open it in a click, or sign in by redirect.',
  ],
  popup_closed: [
    'sign-in',
    1,
    'The window was closed before the sign-in was done',
    'Offer to sign in again.',
  ],
  transaction_not_found: [
    'callback',
    1,
    'This sign-in was not begun here, or too long ago',
    'Sign in again, in this browser.',
  ],
  callback_interrupted: ['callback', 1, 'The page was reloaded while it was signing in', 'Sign in again.'],
  callback_invalid: ['callback', 1, 'The answer in the URL is malformed', 'Sign in again.'],
  issuer_mismatch: [
    'callback',
    0,
    'The answer comes from another server',
    'Do not go on; check the issuer option.',
  ],
  access_denied: ['callback', 1, 'The person or the server said no', 'Sign in again.'],
  authorization_failed: [
    'callback',
    1,
    'The server refused the sign-in',
    'See error.server; check client and scopes.',
  ],
  network_error: [
    'refresh',
    1,
    'The server could not be reached',
    'Check the connection and its CORS headers.',
  ],
  server_unavailable: ['refresh', 1, 'The server cannot answer now', 'Wait, then try again.'],
  response_invalid: [
    'refresh',
    1,
    'The server sent no valid token response',
    'Tell the operator of the server.',
  ],
  request_rejected: [
    'refresh',
    0,
    'The token endpoint refused the request',
    'See error.server; check the client.',
  ],
  invalid_grant: ['refresh', 0, 'The server ended this session', 'Sign in again.'],
  refresh_response_lost: ['refresh', 0, 'The next refresh token was lost on its way', 'Sign in again.'],
  refresh_pending: ['refresh', 1, 'A refresh is still under way', 'Try again in a few seconds.'],
  signed_out: ['session', 0, 'Nobody is signed in', 'Call signIn() first.'],
  session_expired: ['session', 0, 'The session has reached its end', 'Sign in again.'],
  session_replaced: [
    'session',
    1,
    'Another sign-in replaced the session',
    'Repeat the call for the new session.',
  ],
  storage_cleared: ['storage', 0, 'The site data was cleared', 'Sign in again.'],
  storage_failed: [
    'storage',
    1,
    'The browser storage does not work',
    'Free disk space or leave private mode.',
  ],
  newer_version: ['storage', 0, 'A newer version of the app stored this session', 'Reload the page.'],
  resource_not_allowed: [
    'fetch',
    0,
    'No token is sent to this URL',
    'Add it to the resources option if it may have it.',
  ],
  request_not_allowed: [
    'fetch',
    0,
    'This request cannot carry the token',
    "Drop its Authorization header, mode: 'no-cors' or redirect: 'follow'.",
  ],
  unexpected_redirect: ['fetch', 0, 'The resource answered with a redirect', 'Call its final URL.'],
  insufficient_scope: ['fetch', 0, 'The session does not allow this', 'Call signIn({ stepUp: error }).'],
  insufficient_user_authentication: [
    'fetch',
    0,
    'The resource asks for a stronger or newer sign-in',
    'Call signIn({ stepUp: error }).',
  ],
  registration_refused: [
    'registration',
    0,
    'The server refused to register this app',
    'See error.server; check redirect URI and scopes.',
  ],
  registration_unusable: [
    'registration',
    0,
    'The server registered no public client for this app',
    'Register one by hand and use its id.',
  ],
}
