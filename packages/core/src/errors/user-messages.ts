import type { TelnyxAuthError } from '../errors.ts'
import { type ErrorTexts, textOf } from './error-text.ts'

const units = [
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

/** A waiting time in its largest whole unit, rounded up: `2 minutes`. */
function durationText(durationMs: number): string {
  const [unit, unitMs] =
    units.find(([, lengthMs]) => durationMs > 1.5 * lengthMs) ?? (['second', 1000] as const)
  const count = Math.max(1, Math.ceil(durationMs / unitMs))
  return new Intl.NumberFormat('en', { style: 'unit', unit, unitDisplay: 'long' }).format(count)
}

const tryAgain = ({ retryAfterMs }: TelnyxAuthError): string =>
  retryAfterMs === undefined
    ? 'Wait a moment, then try again.'
    : `Try again in ${durationText(retryAfterMs)}.`

const contactSupport = ({ code }: TelnyxAuthError): string =>
  `Contact the support of this app and quote "${code}".`

const misconfigured = (error: TelnyxAuthError): string =>
  `Signing in to this app does not work at the moment. ${contactSupport(error)}`

const tryThenContactSupport = ({ code }: TelnyxAuthError): string =>
  `Try again. If this happens again, contact the support of this app and quote "${code}".`

/** English texts for users: each says what happened and what the user can do. */
export const englishMessages: ErrorTexts = {
  insecure_context:
    'You cannot sign in on this page, because its connection is not secure. Open the app at its https:// address.',
  metadata_unavailable: (error) =>
    error.server?.status
      ? `The sign-in service is not available now. ${tryAgain(error)}`
      : 'The sign-in service cannot be reached. Check your internet connection, then try again.',
  metadata_invalid: misconfigured,
  issuer_not_allowed: misconfigured,
  pkce_unsupported: misconfigured,
  dpop_unsupported: (error) =>
    error.subject === 'storage'
      ? 'This browser cannot store the key that protects your session. Leave private browsing or use another browser.'
      : misconfigured(error),
  login_loop:
    'You were signed out right after signing in, several times. Allow this site to store data, check the clock of your device, then sign in again.',
  step_up_loop: (error) => `You signed in again and still have no access to this. ${contactSupport(error)}`,
  popup_blocked:
    'The browser blocked the sign-in window. Allow pop-up windows for this site, then try again.',
  popup_closed: 'The sign-in window was closed before you were signed in. Sign in again.',
  transaction_not_found: 'This sign-in was started in another browser, or too long ago. Sign in again here.',
  callback_interrupted: 'The page was reloaded before you were signed in. Sign in again.',
  callback_invalid: 'The sign-in could not be completed. Sign in again.',
  issuer_mismatch: (error) =>
    `You were not signed in, because the response came from an unexpected server. ${contactSupport(error)}`,
  access_denied: 'Access was not allowed. To continue, sign in again and allow it.',
  authorization_failed: (error) => `The sign-in service refused the sign-in. ${tryThenContactSupport(error)}`,
  network_error: ({ subject }) =>
    subject === 'chunk'
      ? 'A part of this app could not be loaded. Check your internet connection, then reload the page.'
      : 'The server cannot be reached. Check your internet connection, then try again.',
  server_unavailable: (error) =>
    error.server?.status === 429
      ? `The sign-in service has received too many requests. ${tryAgain(error)}`
      : `The sign-in service is not available now. ${tryAgain(error)}`,
  response_invalid: (error) =>
    `The sign-in service sent a response that this app cannot use. ${tryThenContactSupport(error)}`,
  request_rejected: (error) => `The sign-in service refused a request of this app. ${contactSupport(error)}`,
  invalid_grant: 'Your session has ended. Sign in again.',
  refresh_rejected: 'Your session could not be extended. Try again in a minute, or sign in again.',
  refresh_response_lost: 'Your session has ended, perhaps because a connection failed. Sign in again.',
  refresh_pending: 'This takes longer than usual. Try again in a few seconds.',
  signed_out: 'You are signed out. Sign in to continue.',
  session_expired: 'Your session has expired. Sign in again.',
  session_replaced: 'A newer sign-in in this browser replaced your session. Repeat your last step.',
  storage_cleared: 'The data of this site was deleted, which signed you out. Sign in again.',
  storage_failed:
    'The browser cannot store your session. Leave private browsing or free disk space, then try again.',
  newer_version: 'A newer version of this app is open in another tab. Reload this page.',
  resource_not_allowed: (error) => `This app cannot call that address for you. ${contactSupport(error)}`,
  request_not_allowed: (error) => `This app cannot send that request for you. ${contactSupport(error)}`,
  unexpected_redirect: (error) => `The address that this app calls has moved. ${contactSupport(error)}`,
  insufficient_scope: ({ missing }) =>
    missing?.scopes?.[0]
      ? `This needs a permission that you have not given (${missing.scopes.join(', ')}). Sign in again and allow it.`
      : 'This needs a permission that you have not given. Sign in again and allow it.',
  insufficient_user_authentication: ({ missing }) =>
    missing?.maxAgeSeconds === undefined
      ? 'This needs a stronger sign-in, for example with a second factor. Sign in again.'
      : 'This needs a recent sign-in. Sign in again.',
  registration_refused: misconfigured,
  registration_unusable: misconfigured,
  unexpected: 'Something unexpected happened. Reload the page, then try again.',
}

/**
 * Gives the text for users: what happened and what they can do. Show it as text.
 *
 * @param error - a `TelnyxAuthError`, or whatever else was thrown
 * @param replacements - texts by code, for another language or another tone; a code without one keeps its English text
 * @example <p role="alert">{userMessage(error, { access_denied: 'Sie haben den Zugriff abgelehnt.' })}</p>
 */
export function userMessage(error: unknown, replacements?: Partial<ErrorTexts>): string {
  return textOf(error, englishMessages, replacements)
}
