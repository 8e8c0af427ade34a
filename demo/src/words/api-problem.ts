import { TelnyxApiError, TelnyxConnectionError, TelnyxTimeoutError } from '@telnyx-oauth/api'
import type { Problem } from './problem.ts'

type Words = readonly [title: string, message: string, hint: string]

// Codes that say more than their status does: OAuth's, of either kind of endpoint.
const BY_CODE: Readonly<Record<string, Words>> = {
  invalid_client: [
    'The client is not known',
    'Telnyx does not accept this client id with this secret.',
    'Check both. A lost secret cannot be shown again: make a new client.',
  ],
  invalid_client_metadata: [
    'The client cannot be like this',
    'Telnyx does not accept one of the values.',
    'Correct what is marked below, then send it again.',
  ],
  invalid_grant: [
    'The grant is used up',
    'The code or token was used already, has expired or was revoked.',
    'Begin again to get a fresh one.',
  ],
  invalid_redirect_uri: [
    'The redirect URI is not accepted',
    'Telnyx does not accept one of the redirect URIs.',
    'Use absolute URIs without a fragment, https or loopback.',
  ],
  invalid_scope: [
    'A scope is not on offer',
    'Telnyx does not offer one of these scopes to this client.',
    'Choose from the scopes that the Discovery page lists.',
  ],
  unauthorized_client: [
    'The client may not do that',
    'This client has no leave to use this grant type.',
    'Add the grant type to the client, or use another client.',
  ],
  unsupported_grant_type: [
    'The grant type is not supported',
    'Telnyx does not know this grant type.',
    'Use one of those that the Discovery page lists.',
  ],
}

const BY_STATUS: Readonly<Record<number, Words>> = {
  400: [
    'The request was not understood',
    'Telnyx cannot make sense of one of the values.',
    'Check the values, then try again.',
  ],
  401: [
    'The token was not accepted',
    'Telnyx refused the token, even one that was just renewed.',
    'Sign out, then sign in again.',
  ],
  403: [
    'This account may not do that',
    'You are known, but not allowed.',
    'Ask the owner of the account for access.',
  ],
  404: [
    'It is not there',
    'It may have been deleted meanwhile, or it belongs to another account.',
    'Go back to the list and see what is there now.',
  ],
  409: [
    'Something else came first',
    'It was changed at the same time by somebody else.',
    'Load it again, then repeat your change.',
  ],
  422: [
    'One of the values is not accepted',
    'Telnyx understands the request, but does not allow it.',
    'Correct what is marked below, then send it again.',
  ],
}

const REFUSED: Words = [
  'Telnyx refused the request',
  'The server did not say why in a way this console knows.',
  'See what the server said, then try again.',
]

const UNREADABLE: Words = [
  'The answer cannot be read',
  'Something other than the Telnyx API seems to answer here.',
  'Check VITE_TELNYX_API, and what stands between this page and it.',
]

const UNAVAILABLE: Words = [
  'Telnyx cannot answer now',
  'The server is in trouble, and a few more tries did not help.',
  'Nothing is lost. Try again in a minute.',
]

/** Puts a refusal of the Telnyx API into words, whichever of the contract's two shapes it came in. */
export function explainApiError(error: TelnyxApiError): Problem {
  const { code, requestId } = error
  const [title, message, hint] = wordsOf(error)
  const serverWords = [error.title, error.detail].filter(Boolean).join(': ')
  return {
    title,
    message,
    hint,
    ...(code && { code }),
    ...(requestId && { requestId }),
    ...(serverWords && { serverWords }),
  }
}

/** Puts it into words that no answer came. */
export function explainConnectionError(error: TelnyxConnectionError): Problem {
  return error instanceof TelnyxTimeoutError
    ? {
        title: 'Telnyx takes too long',
        message: 'No complete answer came within a minute.',
        hint: 'Check the connection, then try again.',
      }
    : {
        title: 'Telnyx cannot be reached',
        message: 'No answer came, or the browser was not allowed to read it.',
        hint: 'Check the connection, then whether the API allows this origin (CORS).',
      }
}

/** The scopes whose lack made Telnyx refuse, separated by spaces, if that is what happened. */
export function missingScope(error: unknown): string | undefined {
  return error instanceof TelnyxApiError && [401, 403].includes(error.status) ? error.scope : undefined
}

/** Whether what was asked for may have been done all the same: no answer came, or one from a server in trouble. */
export function isOutcomeUnknown(error: unknown): boolean {
  return error instanceof TelnyxApiError ? error.status >= 500 : error instanceof TelnyxConnectionError
}

function wordsOf(error: TelnyxApiError): Words {
  const { status, code = '', retryAfterMs } = error
  const scope = missingScope(error)
  if (scope) {
    return ['A scope is missing', `The token lacks the scope ${scope}.`, 'Sign in once more and allow it.']
  }
  if (status < 400) return UNREADABLE
  if (status === 429) return tooMany(retryAfterMs)
  if (status >= 500) return UNAVAILABLE
  return (Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : BY_STATUS[status]) ?? REFUSED
}

function tooMany(retryAfterMs: number | undefined): Words {
  return [
    'That was too often',
    'There were more requests than Telnyx allows in this time.',
    `Wait ${retryAfterMs ? inWords(retryAfterMs) : 'a minute'}, then try again.`,
  ]
}

function inWords(durationMs: number): string {
  const seconds = Math.ceil(durationMs / 1000)
  if (seconds < 90) return `${seconds} seconds`
  const minutes = Math.ceil(seconds / 60)
  return minutes < 90 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`
}
