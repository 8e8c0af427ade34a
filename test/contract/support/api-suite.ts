import {
  buildAuthorizationUrl,
  createOAuthClient,
  createOAuthGrant,
  createTelnyxApi,
  deleteOAuthClient,
  exchangeAuthorizationCode,
  getAuthorizationServerMetadata,
  getConsentDetails,
  getJwks,
  getOAuthClient,
  getOAuthGrant,
  getProtectedResourceMetadata,
  introspectToken,
  listOAuthClients,
  listOAuthGrants,
  type OAuthClientListQuery,
  refreshAccessToken,
  registerOAuthClient,
  requestClientCredentialsToken,
  revokeOAuthGrant,
  type TelnyxApi,
  type TokenResponse,
  updateOAuthClient,
} from '@telnyx-oauth/api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** An emulator somewhere, and a person in front of it. Nothing here needs Node, so a browser can hold it too. */
export interface ApiBench {
  /** Without a trailing slash. */
  readonly issuer: string
  /** Signs in at an authorization URL. @returns the redirect URI, with the code in it */
  allow(authorizationUrl: string): Promise<string>
  /** Goes to an authorization URL and stops at the question. @returns the consent token */
  askedFor(authorizationUrl: string): Promise<string>
  close(): Promise<void>
}

export type Profile = 'live' | 'spec'

/** The seeds that the suite counts on. */
export const SEED: { readonly clients: number; readonly grants: number } = { clients: 45, grants: 45 }
export const API_KEY = 'KEY_EMULATOR_AVA'
export const SERVICE: { readonly client_id: string; readonly client_secret: string } = {
  client_id: 'backend service',
  client_secret: 'p%:ss+word/=',
}
export const LIMITED: typeof SERVICE = { client_id: 'limited', client_secret: 'secret' }
export const APP: { readonly client_id: string } = { client_id: 'telnyx-demo' }
export const REDIRECT_URI = 'http://localhost:5173/callback'

/** Every operation against an emulator. Where it runs is up to the caller. */
export function describeEveryOperation(profile: Profile, open: () => Promise<ApiBench>): void {
  const isLive = profile === 'live'
  const [read, write] = isLive
    ? ['authentication_and_access.read', 'account_management.write']
    : ['admin', 'admin']
  let bench: ApiBench
  let api: TelnyxApi

  beforeAll(async () => {
    bench = await open()
    api = createTelnyxApi({ apiKey: API_KEY, baseUrl: `${bench.issuer}/v2`, maxRetries: 0 })
  })

  afterAll(() => bench?.close())

  const verifier = 'a'.repeat(43)

  async function authorizationUrl(scope: string): Promise<string> {
    return buildAuthorizationUrl(api, {
      ...APP,
      redirect_uri: REDIRECT_URI,
      scope,
      state: 'some state',
      code_challenge: await challengeOf(verifier),
      code_challenge_method: 'S256',
    })
  }

  async function signIn(scope = read): Promise<TokenResponse> {
    const { searchParams } = new URL(await bench.allow(await authorizationUrl(scope)))
    expect(searchParams.get('state')).toBe('some state')
    const code = searchParams.get('code') ?? ''
    return exchangeAuthorizationCode(api, APP, { code, code_verifier: verifier, redirect_uri: REDIRECT_URI })
  }

  const withToken = (token: string): TelnyxApi =>
    createTelnyxApi({ getAccessToken: () => token, baseUrl: `${bench.issuer}/v2`, maxRetries: 0 })

  describe('discovery', () => {
    it('reads the authorization server metadata', async () => {
      expect(await getAuthorizationServerMetadata(api)).toMatchObject({
        issuer: bench.issuer,
        token_endpoint: `${bench.issuer}/v2/oauth/token`,
        code_challenge_methods_supported: expect.arrayContaining(['S256']),
        scopes_supported: expect.arrayContaining([read]),
      })
    })

    it('reads the protected resource metadata of the API and of a path', async () => {
      expect(await getProtectedResourceMetadata(api)).toMatchObject({
        resource: bench.issuer,
        authorization_servers: [bench.issuer],
      })
      const mcp = { resource: `${bench.issuer}/v2/mcp`, authorization_servers: [bench.issuer] }
      expect(await getProtectedResourceMetadata(api, '/v2/mcp')).toMatchObject(mcp)
      expect(await getProtectedResourceMetadata(api, mcp.resource)).toMatchObject(mcp)
    })

    it('reads the key set', async () => {
      expect(await getJwks(api)).toEqual({
        keys: [expect.objectContaining({ kty: 'EC', alg: 'ES256', use: 'sig', x: expect.any(String) })],
      })
    })
  })

  describe('tokens', () => {
    it('builds a URL at which a person signs in, exchanges the code and refreshes', async () => {
      const first = await signIn()
      expect(first).toMatchObject({ token_type: 'Bearer', expires_in: 1800, scope: read })
      const second = await refreshAccessToken(api, APP, { refresh_token: first.refresh_token ?? '' })
      expect(second.access_token).not.toBe(first.access_token)
      expect(second.refresh_token).not.toBe(first.refresh_token)
    })

    it.each([undefined, 'client_secret_basic', 'client_secret_post'])(
      'gets a token for the client itself by %s',
      async (method) => {
        const client = { ...SERVICE, token_endpoint_auth_method: method }
        const token = await requestClientCredentialsToken(api, client, { scope: read })
        expect(token).toMatchObject({ token_type: 'Bearer', expires_in: 1800, scope: read })
        expect(token).not.toHaveProperty('refresh_token')
      },
    )

    it('introspects a token that is alive, and one that is none', async () => {
      const { access_token } = await requestClientCredentialsToken(api, SERVICE, { scope: read })
      expect(await introspectToken(api, SERVICE, access_token)).toMatchObject({
        active: true,
        client_id: SERVICE.client_id,
        scope: read,
        iss: bench.issuer,
      })
      const byPost = { ...SERVICE, token_endpoint_auth_method: 'client_secret_post' }
      expect(await introspectToken(api, byPost, API_KEY)).toEqual({ active: false })
    })

    it('tells why a token was refused', async () => {
      await expect(refreshAccessToken(api, APP, { refresh_token: 'unknown' })).rejects.toMatchObject({
        name: 'TelnyxApiError',
        status: 400,
        code: 'invalid_grant',
        isRetryable: false,
      })
      const impostor = { ...SERVICE, client_secret: 'wrong' }
      await expect(requestClientCredentialsToken(api, impostor)).rejects.toMatchObject({
        status: 401,
        code: 'invalid_client',
        message: expect.stringContaining('check the API key or token'),
      })
    })

    if (isLive)
      it('tells when to come back after too many introspections', async () => {
        for (let count = 0; count < 5; count++) await introspectToken(api, LIMITED, 'token')
        const error = await introspectToken(api, LIMITED, 'token').catch((reason: unknown) => reason)
        expect(error).toMatchObject({ status: 429, code: '10011', isRetryable: true })
        expect((error as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(50_000)
        expect((error as { retryAfterMs: number }).retryAfterMs).toBeLessThanOrEqual(60_000)
      })
  })

  describe('consent', () => {
    it('describes what is asked for', async () => {
      const consentToken = await bench.askedFor(await authorizationUrl(read))
      expect(await getConsentDetails(api, consentToken)).toMatchObject({
        client_id: APP.client_id,
        redirect_uri: REDIRECT_URI,
        requested_scopes: [{ id: read, name: expect.any(String), description: expect.any(String) }],
      })
    })

    it('records a yes with a code that works', async () => {
      const consent_token = await bench.askedFor(await authorizationUrl(read))
      const { redirect_uri } = await createOAuthGrant(api, { consent_token, allowed: true })
      const code = new URL(redirect_uri).searchParams.get('code') ?? ''
      const input = { code, code_verifier: verifier, redirect_uri: REDIRECT_URI }
      expect(await exchangeAuthorizationCode(api, APP, input)).toMatchObject({ scope: read })
    })

    it('records a no', async () => {
      const consent_token = await bench.askedFor(await authorizationUrl(read))
      const { redirect_uri } = await createOAuthGrant(api, { consent_token, allowed: false })
      expect(new URL(redirect_uri).searchParams.get('error')).toBe('access_denied')
    })

    it('is refused without a valid consent token', async () => {
      await expect(getConsentDetails(api, 'unknown')).rejects.toMatchObject({ status: 422 })
      const decision = { consent_token: 'unknown', allowed: true }
      await expect(createOAuthGrant(api, decision)).rejects.toMatchObject({ status: 422 })
    })
  })

  describe('registration', () => {
    it('registers a public client and a confidential one', async () => {
      const redirect_uris = ['https://app.example/callback']
      const app = await registerOAuthClient(api, {
        client_name: 'Somebody’s app',
        redirect_uris,
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
      })
      expect(app).toMatchObject({ client_name: 'Somebody’s app', token_endpoint_auth_method: 'none' })
      expect(app).not.toHaveProperty('client_secret')
      const service = await registerOAuthClient(api, { redirect_uris })
      expect(service).toMatchObject({
        token_endpoint_auth_method: 'client_secret_basic',
        client_secret: expect.any(String),
        client_id_issued_at: expect.any(Number),
      })
      // As registered, a client can be passed on: it is known, though its grant types do not cover this.
      await expect(requestClientCredentialsToken(api, service)).rejects.toMatchObject({ status: 400 })
    })

    it('tells which field was refused', async () => {
      const redirect_uris = ['https://app.example/#fragment']
      await expect(registerOAuthClient(api, { redirect_uris })).rejects.toMatchObject({
        status: 400,
        code: expect.stringMatching(/^invalid_(client_metadata|redirect_uri)$/),
        pointer: 'redirect_uris',
      })
    })
  })

  describe('clients', () => {
    it('are created, read, changed and deleted', async () => {
      const created = await createOAuthClient(api, {
        name: 'Billing job',
        client_type: 'confidential',
        allowed_scopes: [read],
        allowed_grant_types: ['client_credentials'],
      })
      expect(created).toMatchObject({
        record_type: 'oauth_client',
        client_secret: expect.any(String),
        require_pkce: false,
      })
      // As created, it can ask for a token.
      expect(await requestClientCredentialsToken(api, created, { scope: read })).toMatchObject({
        scope: read,
      })
      expect(await getOAuthClient(api, created.client_id)).toMatchObject({ name: 'Billing job' })
      const changed = await updateOAuthClient(api, created.client_id, { name: 'Billing job 2' })
      expect(changed).toMatchObject({ name: 'Billing job 2', allowed_scopes: [read] })
      expect(await deleteOAuthClient(api, created.client_id)).toBeUndefined()
      await expect(getOAuthClient(api, created.client_id)).rejects.toMatchObject({
        name: 'TelnyxApiError',
        status: 404,
        isRetryable: false,
      })
    })

    it('are listed, every one of them once', async () => {
      const ids: string[] = []
      const list = listOAuthClients(api, { 'page[size]': 20, 'filter[name][contains]': 'seeded' })
      for await (const { client_id } of list) ids.push(client_id)
      expect([ids.length, new Set(ids).size]).toEqual([SEED.clients, SEED.clients])
    })

    it('come in pages, and no page is asked for that nobody reads', async () => {
      await fetch(`${bench.issuer}/__emulator/requests`, { method: 'DELETE' })
      for await (const page of listOAuthClients(api, { 'page[size]': 10 }).pages()) {
        expect(page.data).toHaveLength(10)
        expect(page.meta).toMatchObject({ page_size: 10, total_pages: 5 })
        if (page.meta?.page_number === 2) break
      }
      const requests = await fetch(`${bench.issuer}/__emulator/requests?endpoint=clients`)
      expect(await requests.json()).toHaveLength(2)
    })

    it('can be filtered', async () => {
      const total = async (query: OAuthClientListQuery): Promise<number | undefined> => {
        for await (const { meta } of listOAuthClients(api, query).pages()) return meta?.total_results
        return undefined
      }
      expect(await total({ 'filter[client_id]': APP.client_id })).toBe(1)
      expect(await total({ 'filter[name]': 'Backend & service' })).toBe(1)
      expect(await total({ 'filter[name]': 'backend' })).toBe(0)
      expect(await total({ 'filter[client_type]': 'public', 'filter[name][contains]': 'Seeded' })).toBe(22)
      expect(await total({ 'filter[verified]': true, 'filter[name][contains]': 'Seeded' })).toBe(15)
      expect(await total({ 'filter[allowed_grant_types][contains]': 'client_credentials' })).toBe(25)
    })

    it('tell what is wrong when the server refuses one', async () => {
      const change = { allowed_scopes: ['nonsense'] }
      await expect(updateOAuthClient(api, APP.client_id, change)).rejects.toMatchObject({
        status: 422,
        ...(isLive
          ? { pointer: expect.stringContaining('allowed_scopes') }
          : { code: expect.any(String), detail: expect.any(String) }),
      })
    })
  })

  describe('grants', () => {
    it('are listed and read', async () => {
      const ids: string[] = []
      for await (const { id } of listOAuthGrants(api, { 'page[size]': 10 })) ids.push(id)
      expect(new Set(ids).size).toBe(ids.length)
      expect(ids.length).toBeGreaterThanOrEqual(SEED.grants)
      const [id = ''] = ids
      expect(await getOAuthGrant(api, id)).toMatchObject({ id, record_type: 'oauth_grant' })
    })

    it('end when revoked, and their refresh tokens with them', async () => {
      const { refresh_token = '' } = await signIn(write)
      const grants: string[] = []
      for await (const { id, client_id, scopes } of listOAuthGrants(api)) {
        if (client_id === APP.client_id && scopes.includes(write)) grants.push(id)
      }
      expect(grants).not.toEqual([])
      for (const id of grants) expect(await revokeOAuthGrant(api, id)).toMatchObject({ id })
      await expect(getOAuthGrant(api, grants[0] ?? '')).rejects.toMatchObject({ status: 404 })
      await expect(refreshAccessToken(api, APP, { refresh_token })).rejects.toMatchObject({
        code: 'invalid_grant',
      })
    })
  })

  describe('who may call', () => {
    it('a signed-in user, by access token', async () => {
      const { access_token } = await signIn()
      const grants = listOAuthGrants(withToken(access_token))
      expect((await grants[Symbol.asyncIterator]().next()).value).toMatchObject({
        record_type: 'oauth_grant',
      })
    })

    it('nobody with a wrong key', async () => {
      await expect(getOAuthClient(withToken('KEY_NOBODY'), APP.client_id)).rejects.toMatchObject({
        status: 401,
        ...(isLive && { code: '10009' }),
        message: expect.stringContaining('check the API key or token'),
      })
    })

    if (isLive)
      it('nobody without the scope, and the error names it', async () => {
        const { access_token } = await signIn('billing.read')
        await expect(deleteOAuthClient(withToken(access_token), APP.client_id)).rejects.toMatchObject({
          message: expect.stringContaining(`needs the scope ${write}`),
        })
      })
  })
}

async function challengeOf(codeVerifier: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(codeVerifier))
  return btoa(String.fromCharCode(...new Uint8Array(digest)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
