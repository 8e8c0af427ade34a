import type { TelnyxAuthError } from './errors.ts'
import type { TelnyxAuthEvent } from './events.ts'
import type { DiagnoseOptions, Finding } from './finding.ts'
import type { AuthSnapshot } from './session.ts'

/** What {@link TelnyxAuth.signIn} takes. */
export interface SignInOptions {
  /** Scopes for this sign-in. @default the client's `scope` option */
  readonly scope?: string | readonly string[]
  /**
   * Resource indicators (RFC 8707), absolute URIs: what the tokens of this session may be for. The session's own
   * token is for the first. @default the client's `resource` option
   */
  readonly resource?: string | readonly string[]
  /**
   * The page to go to afterwards: a path on this origin, `/` first; with the option `homePath`, one inside of its folder.
   *
   * @default the page that called `signIn`; where that is the redirect URI after a sign-in that failed, what that one
   *   had, else `/`
   */
  readonly returnTo?: string
  /**
   * Data of the app that the sign-in brings back as `appState` of the snapshot. It is kept in storage as JSON, never in
   * the URL. @default none
   */
  readonly appState?: unknown
  /** Another registered redirect URI, as the option of the client. @default the client's `redirectUri` option */
  readonly redirectUri?: string
  /** Who is about to sign in, as the server may prefill it. */
  readonly loginHint?: string
  /** OpenID Connect `prompt`, e.g. `'consent'`; servers that do not know it ignore it. */
  readonly prompt?: string
  /**
   * Asks for what an error says is missing (`error.missing`), beside all that the session has: scopes, resource,
   * authentication context classes, a newer sign-in. The third time that one demand comes back within ten minutes,
   * in this tab, it rejects with `step_up_loop`.
   * @see RFC 9470 section 4
   */
  readonly stepUp?: TelnyxAuthError | undefined
  /**
   * Further authorization request parameters, beside `authorizationParameters` of the client and before them. Those of
   * the protocol are refused. With the scope `openid` a fresh `nonce` is sent, unless you give one; the ID token has to
   * repeat it.
   */
  readonly parameters?: Readonly<Record<string, string>>
  /**
   * Set by guards that sign in without a click. Of these, and of all that no action of the user began, the fourth
   * within 60 seconds rejects with `login_loop`.
   * @default false
   */
  readonly automatic?: boolean
  /**
   * Takes the user to the authorization server in place of this page: in an in-app browser, the system browser, a window,
   * by `launchWebAuthFlow`. `signIn` then resolves when the session is here: once the response has come to
   * `finishSignIn`, or to a page of this app with the same storage. It rejects with what the sign-in failed with, or with
   * what this function throws or rejects with; that it resolves means nothing.
   * @default this page leaves
   * @see RFC 8252
   */
  readonly openUrl?: OpenUrl | undefined
  /** Ends the waiting: `signIn` rejects with its reason. A response that comes later, within ten minutes, still signs in. */
  readonly signal?: AbortSignal | undefined
}

/** Shows `url` to the user; it has no `state` where the server takes pushed requests. */
export type OpenUrl = (url: string, context: OpenUrlContext) => unknown

/** The second argument of {@link OpenUrl}. */
export interface OpenUrlContext {
  /** Names the sign-in. Unguessable, and secret. */
  readonly state: string
  /** Aborted when `signIn` waits no longer: the session is here, the sign-in failed, or the caller gave up. */
  readonly signal: AbortSignal
}

/** Which token of a session is meant: one sign-in gives as many as there are resources and sets of scopes. */
export interface TokenTarget {
  /**
   * What the token is for (RFC 8707): one of the resources that the sign-in named. @default what the session's own
   * token is for
   */
  readonly resource?: string
  /** Scopes, fewer than the session has (RFC 6749 section 6). @default all of them */
  readonly scope?: string | readonly string[]
}

/** What {@link TelnyxAuth.getAccessToken} takes. */
export interface GetAccessTokenOptions extends TokenTarget {
  /** How long the token must still be valid, in milliseconds; of any value, at most half of its lifetime counts. @default 5000 */
  readonly minValidityMs?: number
  /** Stops waiting; a refresh that was sent goes on for the other callers. */
  readonly signal?: AbortSignal | null | undefined
}

/** What {@link TelnyxAuth.signOut} takes. */
export interface SignOutOptions {
  /** Whether to revoke the tokens at the server, where it can (RFC 7009). @default true */
  readonly revoke?: boolean
  /**
   * Leaves for the server, which ends its own session too, so that the next sign-in asks for credentials again. The server may ask the user to confirm. It comes back to `returnTo`, whose URL must be registered as a
   * post-logout redirect URI; without `returnTo` the user stays there.
   * @default false
   * @see OpenID Connect RP-Initiated Logout 1.0 section 2
   */
  readonly endServerSession?: boolean
  /**
   * The page to go to afterwards: a path on this origin, which is loaded unless the option `navigate` takes it.
   * @default stay on this page
   */
  readonly returnTo?: string
}

/** How a sign-out ended. The person is signed out in this browser in any case. */
export interface SignOutResult {
  /** Whether the server confirmed that the tokens are worthless now. */
  readonly revoked: boolean
  /** Why they were not revoked: not asked for, no session, not offered by the server, or it failed. */
  readonly reason?: 'not_requested' | 'not_signed_in' | 'not_supported' | 'failed'
  /** The HTTP status with which it failed, if the server responded. */
  readonly status?: number
  /**
   * Set with `endServerSession`: the page leaves to end it; the server has no `end_session_endpoint`; or its metadata,
   * or the code for it, could not be loaded.
   */
  readonly serverSession?: 'ending' | 'not_supported' | 'failed'
}

/**
 * A session with a Telnyx authorization server. A frozen object of functions: detach and destructure at will.
 * Inert until the first call.
 */
export interface TelnyxAuth {
  /**
   * Finishes a redirect callback or restores the stored session, once. Until it has resolved the snapshot is `pending`,
   * whatever happens to the page meanwhile.
   * @returns the snapshot; expected failures are in its `error`, so this never rejects for them
   */
  readonly ready: () => Promise<AuthSnapshot>
  /** The current state. Keeps its identity until something changes. */
  readonly getSnapshot: () => AuthSnapshot
  /** The state for server rendering: always `pending`. */
  readonly getServerSnapshot: () => AuthSnapshot
  /** Calls `listener` after every change; the first subscription starts the client. @returns unsubscribe */
  readonly subscribe: (listener: () => void) => () => void
  /**
   * Leaves for the authorization server with a fresh PKCE transaction. Resolves when the page is about to go; with
   * `openUrl`, when the session is here.
   * @throws {TelnyxAuthError} `insecure_context`, `metadata_*`, `pkce_unsupported`, `storage_failed`, `login_loop`,
   *   `step_up_loop`; with `openUrl` also what the sign-in fails with, and `transaction_not_found`: no response within ten
   *   minutes
   * @throws {TypeError} an option is wrong, or a private-use `redirectUri` comes without `openUrl`
   * @throws the reason of `signal`
   * @see RFC 6749 section 4.1, RFC 7636
   */
  readonly signIn: (options?: SignInOptions) => Promise<void>
  /**
   * Takes an authorization response that reached the app another way than by loading a page: a deep link, the result of
   * `launchWebAuthFlow`. Resolves when the session is here. Only for a sign-in that was begun with `openUrl` in this
   * storage, within ten minutes, at its redirect URI, once: any other URL changes nothing, so that a link of an attacker
   * signs nobody in. If the page that began it is gone, the user is taken to the return path.
   * @param url the redirect URI with `code`, `state` and `iss`, or with `error`
   * @throws {TelnyxAuthError} `transaction_not_found`: a foreign, stale or repeated URL; `callback_interrupted`: this
   *   response was taken before, and did not lead to a session yet; else what the sign-in failed with, which is in the
   *   snapshot and in an event too: `access_denied`, `authorization_failed`, `issuer_mismatch`, `network_error`, …
   * @see RFC 6749 section 10.12, RFC 8252 section 8.10
   */
  readonly finishSignIn: (url: string | URL) => Promise<void>
  /**
   * A valid access token: from memory while it is fresh, else after one refresh shared by all callers and tabs. With
   * `resource` or `scope` it is a token beside the session's own, kept and shared like that.
   * @throws {TelnyxAuthError} `signed_out`, `session_expired`, `invalid_grant`, `refresh_pending`, `network_error`, …;
   *   `insufficient_scope`: the sign-in did not name `resource`; `request_rejected`: the server gives no such token
   * @throws {TypeError} `resource` or `scope` is wrong
   * @see RFC 8707 section 2.2
   */
  readonly getAccessToken: (options?: GetAccessTokenOptions) => Promise<string>
  /** Refreshes now, even if the token is fresh. @throws {TelnyxAuthError} as `getAccessToken` */
  readonly refresh: () => Promise<void>
  /**
   * Takes the access token for expired, in this tab: the next call that needs one gets a newer one first. For trying
   * out how an app goes on; the server and the other tabs know nothing of it.
   */
  readonly expire: () => void
  /**
   * `fetch` that adds a token, to allowed URLs only (option `allowedUrls`): that of the longest `resource` of this
   * sign-in that covers the URL, else the session's own. After a 401 it refreshes once and sends once more. A `resource`
   * in `target` must cover the URL; `scope` as for `getAccessToken`.
   * @throws {TelnyxAuthError} `resource_not_allowed`, `request_not_allowed`, `unexpected_redirect`, `signed_out`, …;
   *   `insufficient_scope`, `insufficient_user_authentication`: what the resource demands is in `missing`
   * @see RFC 6750 sections 2.1 and 3.1, RFC 9470
   */
  readonly fetch: (input: RequestInfo | URL, init?: RequestInit, target?: TokenTarget) => Promise<Response>
  /**
   * Forgets the session here, in every tab, then revokes it where the server can; with `endServerSession` it then leaves
   * for the server. Never rejects for a server.
   * @throws {TypeError} `returnTo` leads elsewhere
   * @see RFC 7009
   */
  readonly signOut: (options?: SignOutOptions) => Promise<SignOutResult>
  /** Calls `listener` with every event. @returns stop listening */
  readonly onEvent: (listener: (event: TelnyxAuthEvent) => void) => () => void
  /**
   * Finds out what works here and what does not: secure context, metadata, PKCE, CORS per endpoint, storage, locks,
   * clock, and what cannot be determined. Sends made-up codes and tokens only, leaves the session alone, needs no
   * `ready()`. Its code is loaded when it is called.
   * @returns findings in plain sentences; it never rejects
   */
  readonly diagnose: (options?: DiagnoseOptions) => Promise<readonly Finding[]>
  /** Stops timers, closes channel and database; the session stays stored. The next call starts it all again. */
  readonly dispose: () => void
}
