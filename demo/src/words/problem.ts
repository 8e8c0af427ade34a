import { TelnyxApiError, TelnyxConnectionError } from '@telnyx-oauth/api'
import { isTelnyxAuthError, type TelnyxAuthError, type TelnyxAuthErrorCode } from '@telnyx-oauth/core'
import { userMessage } from '@telnyx-oauth/core/messages'
import { explainApiError, explainConnectionError } from './api-problem.ts'

/** Something that went wrong, ready to be shown as text. */
export interface Problem {
  readonly title: string
  readonly message: string
  /** The next step; absent where the message has it. */
  readonly hint?: string
  readonly code?: string
  /** To quote to Telnyx support. */
  readonly requestId?: string
  /** What the server itself said: foreign words, text only. */
  readonly serverWords?: string
}

const TITLES: Partial<Record<TelnyxAuthErrorCode, string>> = {
  access_denied: 'Access was not given',
  authorization_failed: 'Telnyx refused the sign-in',
  callback_interrupted: 'The sign-in was interrupted',
  callback_invalid: 'The answer from Telnyx was garbled',
  insecure_context: 'This page is not secure',
  issuer_mismatch: 'The answer came from the wrong server',
  insufficient_scope: 'This needs more than was allowed',
  insufficient_user_authentication: 'This needs a newer or stronger sign-in',
  login_loop: 'Signing in goes round in circles',
  metadata_unavailable: 'The sign-in server does not answer',
  network_error: 'The server cannot be reached',
  newer_version: 'This page is out of date',
  refresh_response_lost: 'The session was lost on the way',
  session_replaced: 'Somebody else signed in',
  storage_cleared: 'The site data was cleared',
  transaction_not_found: 'This sign-in cannot be finished here',
}

const TITLES_BY_PHASE: Readonly<Record<TelnyxAuthError['phase'], string>> = {
  discovery: 'The sign-in server is not usable',
  'sign-in': 'The sign-in could not begin',
  callback: 'The sign-in did not finish',
  refresh: 'The token could not be renewed',
  session: 'The session is over',
  fetch: 'The request was not sent',
  storage: 'This browser could not keep the session',
  'sign-out': 'The sign-out did not finish',
  registration: 'The app could not be registered',
}

const ENDINGS: readonly TelnyxAuthErrorCode[] = ['invalid_grant', 'session_expired', 'signed_out']

/** Explains whatever was thrown: by the session, by the API, or by `fetch`. */
export function explainProblem(error: unknown): Problem {
  if (isTelnyxAuthError(error)) return explainAuthError(error)
  if (error instanceof TelnyxApiError) return explainApiError(error)
  if (error instanceof TelnyxConnectionError) return explainConnectionError(error)
  // What `fetch` throws when no answer came, see https://developer.mozilla.org/docs/Web/API/Window/fetch#exceptions
  if (error instanceof TypeError) {
    return {
      title: 'The server cannot be reached',
      message: 'No answer came, or the browser was not allowed to read it.',
      hint: 'Check the connection, then whether the server allows this origin (CORS).',
    }
  }
  return {
    title: 'Something unexpected happened',
    message: 'This console has a mistake.',
    hint: 'Reload the page; if it happens again, see the browser console.',
  }
}

function explainAuthError(error: TelnyxAuthError): Problem {
  const { code, phase, server } = error
  const serverWords = [server?.error, server?.description].filter(Boolean).join(': ')
  return {
    title: TITLES[code] ?? (ENDINGS.includes(code) ? TITLES_BY_PHASE.session : TITLES_BY_PHASE[phase]),
    message: userMessage(error),
    code,
    ...(serverWords && { serverWords }),
  }
}
