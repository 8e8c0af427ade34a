import { type ErrorTexts, textOf } from './error-text.ts'

/** English hints for developers: each names the cause and the fix. */
export const englishHints: ErrorTexts = {
  insecure_context:
    'Web Crypto is missing, because the page is not a secure context. Serve it over https, or from localhost.',
  metadata_unavailable: ({ server }) =>
    server?.status
      ? `The server responded to the metadata request with status ${server.status}. Wait, then call again; if it stays, check the option issuer.`
      : 'The metadata request got no readable response. Check the connection, the option issuer, and that the server sends CORS headers for this origin.',
  metadata_invalid: ({ subject }) =>
    subject
      ? `The member ${subject} of the server metadata is missing or wrong. Correct the option issuer letter by letter, or set the member in the option metadata.`
      : 'The issuer serves no valid metadata document (RFC 8414). Correct the option issuer letter by letter.',
  issuer_not_allowed: ({ subject }) =>
    `The resource names ${subject ?? 'an issuer'} as its authorization server, which the option allowedIssuers does not list. Add it if you trust it.`,
  pkce_unsupported:
    'The metadata do not list S256 in code_challenge_methods_supported. Ask the operator of the server to list it, or set it in the option metadata if the server supports it.',
  dpop_unsupported: ({ subject }) =>
    subject === 'storage'
      ? "The storage cannot keep a CryptoKey, which dpop: 'required' needs. Use IndexedDB, or set dpop: 'auto'."
      : "The metadata do not list ES256 in dpop_signing_alg_values_supported, which dpop: 'required' needs. Use another server, or set dpop: 'auto'.",
  login_loop:
    'Three sign-ins within a minute that no action of the user began did not last. Call signIn() from a button, and look for the cause with diagnose().',
  step_up_loop:
    'The resource still demands more after two step-ups for the same demand. Ask its operator which scope or acr value it accepts.',
  popup_blocked:
    'The browser blocked window.open. Call signInWithPopup() directly in the click handler, or use signIn().',
  popup_closed: 'The window was closed before it reported a result. Offer a button that signs in again.',
  transaction_not_found:
    'No pending sign-in in this storage matches the state in the URL: it began in another browser or origin, was already used, or is too old. Call signIn() again.',
  callback_interrupted:
    'The page was reloaded while it exchanged the code, and a code works once. Call signIn() again.',
  callback_invalid:
    'The authorization response lacks state, code and error, or repeats a parameter. Check what rewrites the redirect URI, then call signIn() again.',
  issuer_mismatch:
    'The iss of the authorization response or the issuer of the metadata is not the one that the sign-in was sent to (RFC 9207). Do not continue; check the option issuer.',
  access_denied: 'The user or the server denied the request. Offer a button that signs in again.',
  authorization_failed:
    'The authorization server refused the request. Read error.server, then check the client id, the redirect URI and the option scope.',
  network_error: ({ phase, subject }) =>
    subject === 'chunk'
      ? 'A file of the app could not be loaded: a deploy has replaced it, or the connection is down. Reload the page, and keep the files of the last release on the server.'
      : phase === 'registration'
        ? `The registration got no readable response${subject ? ` from ${subject}` : ''}. Check the connection and that the registration endpoint sends CORS headers for this origin; else register the client by hand and set the option clientId.`
        : 'fetch() got no readable response. Check the connection and that the server sends CORS headers for this origin.',
  server_unavailable: ({ server, retryAfterMs }) =>
    `The server responded with ${server?.status ? `status ${server.status}` : 'a temporary failure'}. ${
      retryAfterMs === undefined ? 'Call again later.' : `Call again in ${Math.ceil(retryAfterMs / 1000)} s.`
    }`,
  response_invalid: ({ phase, subject }) =>
    `The ${phase === 'registration' ? 'registration' : 'token'} response ${subject ? `has a missing or wrong ${subject}` : 'is not valid JSON of the expected form'}. Read error.cause and tell the operator of the server.`,
  request_rejected:
    'The token endpoint rejected the request. Read error.server, then check the client id, its grant types and its redirect URIs.',
  invalid_grant:
    'The server does not accept the refresh token or the code: it was revoked, has expired or was used before. Call signIn().',
  refresh_rejected:
    'The server refused the refresh token without saying why: a 400 or 401 that is empty, without error, or invalid_request. Call again later; three refusals over a minute end the session: then call signIn().',
  refresh_response_lost:
    'The server does not accept the refresh token, and an earlier request with it got no response: that response may have replaced it, or the token has ended otherwise. Call signIn(); sharedWorkerFetch() lets a response survive a closed tab.',
  refresh_pending:
    'No new token arrived within the option requestTimeoutMs, and the refresh continues: later calls join it. Or none may be requested yet: another tab cannot store its tokens, or the server issues tokens for a few seconds only. Call again later.',
  signed_out: 'The call needs a session. Call signIn() first, or render the component inside SignedIn.',
  session_expired:
    'The session reached idleTimeoutMs or maxSessionMs, or has no refresh token. Call signIn(); register the client with the grant type refresh_token.',
  session_replaced:
    'The call began under a session that another sign-in has replaced. Repeat it if it is right for the new user.',
  storage_cleared:
    'The session record is gone: the browser or the user deleted the site data. Call signIn().',
  storage_failed:
    'Reading or writing the storage failed. Read error.cause; a full disk and private browsing are the usual causes, and the option storage takes another storage.',
  newer_version:
    'A newer version of the library wrote the session record. Reload the page to load that version.',
  resource_not_allowed: ({ subject }) =>
    `No token is sent to ${subject ?? 'a URL that cannot be parsed'}. Add the URL prefix to the option allowedUrls if it may receive the token.`,
  request_not_allowed:
    "The request cannot carry the token safely. Remove its Authorization header, mode: 'no-cors' or redirect: 'follow'.",
  unexpected_redirect:
    'The resource responded with a redirect, which could lead the token to another URL. Call the final URL instead.',
  insufficient_scope: ({ missing }) =>
    missing?.resource && !missing.scopes
      ? `The sign-in did not include the resource ${missing.resource}. Call signIn({ stepUp: error }).`
      : `The token lacks ${missing?.scopes ? `the scope ${missing.scopes.join(' ')}` : 'a scope'}. Call signIn({ stepUp: error }).`,
  insufficient_user_authentication:
    'The resource demands a stronger or more recent authentication (RFC 9470). Call signIn({ stepUp: error }).',
  registration_refused: ({ subject }) =>
    `The server refused the registration${subject ? ` because of ${subject}` : ''}. Read error.server, then check redirectUri and scope; for http://localhost some servers need applicationType: 'native'.`,
  registration_unusable: ({ subject }) =>
    `The registered client is not a public client for this app${subject ? `: ${subject} is wrong` : ''}. Register one by hand and set the option clientId.`,
  unexpected: 'The error does not come from the library. Read its message and stack.',
}

/**
 * Gives the hint for developers: the cause and the fix, for logs and developer tools.
 *
 * @param error - a `TelnyxAuthError`, or whatever else was thrown
 * @param replacements - hints by code; a code without one keeps its English hint
 */
export function developerHint(error: unknown, replacements?: Partial<ErrorTexts>): string {
  return textOf(error, englishHints, replacements)
}
