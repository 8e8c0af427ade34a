import * as oauth from 'oauth4webapi'
import { createNavigator, type Navigator } from './navigate.ts'

/** How a sign-in goes. Everything has a default. */
export interface SignInOptions {
  readonly clientId?: string
  readonly redirectUri?: string
  readonly scope?: string
  readonly resource?: string | readonly string[]
  /** Id of the account; the preselected one if left out. */
  readonly accountId?: string
  readonly decision?: 'allow' | 'deny'
  readonly state?: string
  /** Further authorize parameters. */
  readonly params?: Readonly<Record<string, string>>
  /** Share one to keep cookies between sign-ins. */
  readonly navigator?: Navigator
}

/** Where the browser ended up: at the app's redirect URI, with a code or an error. */
export interface CallbackResult {
  readonly callbackUrl: URL
  readonly codeVerifier: string
  readonly state: string
  readonly redirectUri: string
  readonly clientId: string
}

export const DEMO_CLIENT_ID = 'telnyx-demo'
export const DEMO_REDIRECT_URI = 'http://localhost:5173/callback'

/** Builds an authorize URL as a single-page app would. */
export async function authorizeUrl(
  issuer: string,
  options: SignInOptions = {},
): Promise<Omit<CallbackResult, 'callbackUrl'> & { readonly url: string }> {
  const {
    clientId = DEMO_CLIENT_ID,
    redirectUri = DEMO_REDIRECT_URI,
    state = oauth.generateRandomState(),
  } = options
  const codeVerifier = oauth.generateRandomCodeVerifier()
  const url = new URL(`${issuer}/v2/oauth/authorize`)
  url.searchParams.set('response_type', 'code')
  url.searchParams.set('client_id', clientId)
  url.searchParams.set('redirect_uri', redirectUri)
  url.searchParams.set('scope', options.scope ?? 'billing.read')
  url.searchParams.set('state', state)
  url.searchParams.set('code_challenge', await oauth.calculatePKCECodeChallenge(codeVerifier))
  url.searchParams.set('code_challenge_method', 'S256')
  for (const resource of [options.resource ?? []].flat()) url.searchParams.append('resource', resource)
  for (const [name, value] of Object.entries(options.params ?? {})) url.searchParams.set(name, value)
  return { url: url.href, codeVerifier, state, redirectUri, clientId }
}

/** Goes through authorize, the sign-in page and back, as a person in a browser would. */
export async function authorizeInBrowser(
  issuer: string,
  options: SignInOptions = {},
): Promise<CallbackResult> {
  const { url, ...request } = await authorizeUrl(issuer, options)
  return { callbackUrl: new URL(await decideInBrowser(url, options)), ...request }
}

/** Decides at the page that `url` leads to. @returns the redirect URI with the response */
export async function decideInBrowser(
  url: string,
  { navigator = createNavigator(), decision = 'allow', accountId }: SignInOptions = {},
): Promise<string> {
  const page = await navigator.follow(url)
  if (page.location !== undefined) return page.location
  const preselected = /name="account" value="([^"]+)" checked/.exec(page.text)?.[1]
  if (page.status !== 200 || preselected === undefined)
    throw new Error(`expected the sign-in page, got ${page.status}: ${page.text.slice(0, 2000)}`)
  const answered = await navigator.post(page.url, { account: accountId ?? preselected, decision })
  const last = await navigator.follow(answered.location ?? '')
  if (last.location === undefined)
    throw new Error(`expected to be sent back to the app, got ${last.status}: ${last.text}`)
  return last.location
}

/** A complete sign-in: authorize, consent, code exchange. */
export async function signInToEmulator(
  issuer: string,
  options: SignInOptions = {},
): Promise<oauth.TokenEndpointResponse> {
  const { callbackUrl, codeVerifier, state, redirectUri, clientId } = await authorizeInBrowser(
    issuer,
    options,
  )
  const server = await discoverEmulator(issuer)
  const client: oauth.Client = { client_id: clientId }
  const params = oauth.validateAuthResponse(server, client, callbackUrl, state)
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    params,
    redirectUri,
    codeVerifier,
    { [oauth.allowInsecureRequests]: true },
  )
  return oauth.processAuthorizationCodeResponse(server, client, response)
}

/** The emulator's metadata, checked as RFC 8414 says. */
export async function discoverEmulator(issuer: string): Promise<oauth.AuthorizationServer> {
  const response = await oauth.discoveryRequest(new URL(issuer), {
    algorithm: 'oauth2',
    [oauth.allowInsecureRequests]: true,
  })
  return oauth.processDiscoveryResponse(new URL(issuer), response)
}

/** Exchanges a refresh token. @throws {oauth.ResponseBodyError} when the server refuses */
export async function refreshAtEmulator(
  issuer: string,
  refreshToken: string,
  {
    clientId = DEMO_CLIENT_ID,
    params = {},
  }: { readonly clientId?: string; readonly params?: Record<string, string> } = {},
): Promise<oauth.TokenEndpointResponse> {
  const server = await discoverEmulator(issuer)
  const client: oauth.Client = { client_id: clientId }
  const response = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), refreshToken, {
    additionalParameters: params,
    [oauth.allowInsecureRequests]: true,
  })
  return oauth.processRefreshTokenResponse(server, client, response)
}
