import {
  createOAuthGrant,
  exchangeAuthorizationCode,
  getAuthorizationServerMetadata,
  getConsentDetails,
  getJwks,
  getProtectedResourceMetadata,
  introspectToken,
  refreshAccessToken,
  registerOAuthClient,
  requestClientCredentialsToken,
  type TelnyxApiError,
} from '@telnyx-oauth/api'
import { describe, expect, it } from 'vitest'
import { API_KEY, APP, type ApiScene, LIMITED, REDIRECT_URI, SERVICE } from '../support/api-scene.ts'

/** Discovery, tokens, consent and registration. */
export function describeProtocol(scene: ApiScene): void {
  const { read, isLive, codeVerifier: code_verifier } = scene

  describe('discovery', () => {
    it('reads the authorization server metadata', async () => {
      expect(await getAuthorizationServerMetadata(scene.api)).toMatchObject({
        issuer: scene.issuer,
        token_endpoint: `${scene.issuer}/v2/oauth/token`,
        code_challenge_methods_supported: expect.arrayContaining(['S256']),
        scopes_supported: expect.arrayContaining([read]),
      })
    })

    it('reads the protected resource metadata of the API and of a path', async () => {
      expect(await getProtectedResourceMetadata(scene.api)).toMatchObject({
        resource: scene.issuer,
        authorization_servers: [scene.issuer],
      })
      const mcp = { resource: `${scene.issuer}/v2/mcp`, authorization_servers: [scene.issuer] }
      expect(await getProtectedResourceMetadata(scene.api, '/v2/mcp')).toMatchObject(mcp)
      expect(await getProtectedResourceMetadata(scene.api, mcp.resource)).toMatchObject(mcp)
    })

    it('reads the key set', async () => {
      expect(await getJwks(scene.api)).toEqual({
        keys: [expect.objectContaining({ kty: 'EC', alg: 'ES256', use: 'sig', x: expect.any(String) })],
      })
    })
  })

  describe('tokens', () => {
    it('builds a URL at which a person signs in, exchanges the code and refreshes', async () => {
      const first = await scene.signIn()
      expect(first).toMatchObject({ token_type: 'Bearer', expires_in: 1800, scope: read })
      const second = await refreshAccessToken(scene.api, APP, { refresh_token: first.refresh_token ?? '' })
      expect(second.access_token).not.toBe(first.access_token)
      expect(second.refresh_token).not.toBe(first.refresh_token)
    })

    it.each([undefined, 'client_secret_basic', 'client_secret_post'])(
      'gets a token for the client itself by %s',
      async (method) => {
        const client = { ...SERVICE, token_endpoint_auth_method: method }
        const token = await requestClientCredentialsToken(scene.api, client, { scope: read })
        expect(token).toMatchObject({ token_type: 'Bearer', expires_in: 1800, scope: read })
        expect(token).not.toHaveProperty('refresh_token')
      },
    )

    it('introspects a token that is alive, and one that is none', async () => {
      const { access_token } = await requestClientCredentialsToken(scene.api, SERVICE, { scope: read })
      expect(await introspectToken(scene.api, SERVICE, access_token)).toMatchObject({
        active: true,
        client_id: SERVICE.client_id,
        scope: read,
        iss: scene.issuer,
      })
      const byPost = { ...SERVICE, token_endpoint_auth_method: 'client_secret_post' }
      expect(await introspectToken(scene.api, byPost, API_KEY)).toEqual({ active: false })
    })

    it('tells why a token was refused', async () => {
      await expect(refreshAccessToken(scene.api, APP, { refresh_token: 'unknown' })).rejects.toMatchObject({
        name: 'TelnyxApiError',
        status: 400,
        code: 'invalid_grant',
        isRetryable: false,
      })
      const impostor = { ...SERVICE, client_secret: 'wrong' }
      await expect(requestClientCredentialsToken(scene.api, impostor)).rejects.toMatchObject({
        status: 401,
        code: 'invalid_client',
        message: expect.stringContaining('check the key, token or secret'),
      })
    })

    if (isLive)
      it('tells when to come back after too many introspections', async () => {
        for (let count = 0; count < 5; count++) await introspectToken(scene.api, LIMITED, 'token')
        const error = await introspectToken(scene.api, LIMITED, 'token').catch((reason: unknown) => reason)
        expect(error).toMatchObject({ status: 429, code: '10011', isRetryable: true })
        const { retryAfterMs } = error as TelnyxApiError
        expect(retryAfterMs).toBeGreaterThan(50_000)
        expect(retryAfterMs).toBeLessThanOrEqual(60_000)
      })
  })

  describe('consent', () => {
    it('describes what is asked for', async () => {
      const consentToken = await scene.consentToken(read)
      expect(await getConsentDetails(scene.api, consentToken)).toMatchObject({
        client_id: APP.client_id,
        redirect_uri: REDIRECT_URI,
        requested_scopes: [{ id: read, name: expect.any(String), description: expect.any(String) }],
      })
    })

    it('records a yes with a code that works', async () => {
      const consent_token = await scene.consentToken(read)
      const { redirect_uri } = await createOAuthGrant(scene.api, { consent_token, allowed: true })
      const code = new URL(redirect_uri).searchParams.get('code') ?? ''
      const input = { code, code_verifier, redirect_uri: REDIRECT_URI }
      expect(await exchangeAuthorizationCode(scene.api, APP, input)).toMatchObject({ scope: read })
    })

    it('records a no', async () => {
      const consent_token = await scene.consentToken(read)
      const { redirect_uri } = await createOAuthGrant(scene.api, { consent_token, allowed: false })
      expect(new URL(redirect_uri).searchParams.get('error')).toBe('access_denied')
    })

    it('is refused without a valid consent token', async () => {
      await expect(getConsentDetails(scene.api, 'unknown')).rejects.toMatchObject({ status: 422 })
      const decision = { consent_token: 'unknown', allowed: true }
      await expect(createOAuthGrant(scene.api, decision)).rejects.toMatchObject({ status: 422 })
    })
  })

  describe('registration', () => {
    it('registers a public client and a confidential one', async () => {
      const redirect_uris = ['https://app.example/callback']
      const app = await registerOAuthClient(scene.api, {
        client_name: 'Somebody’s app',
        redirect_uris,
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
      })
      expect(app).toMatchObject({ client_name: 'Somebody’s app', token_endpoint_auth_method: 'none' })
      expect(app).not.toHaveProperty('client_secret')
      const service = await registerOAuthClient(scene.api, { redirect_uris })
      expect(service).toMatchObject({
        token_endpoint_auth_method: 'client_secret_basic',
        client_secret: expect.any(String),
        client_id_issued_at: expect.any(Number),
      })
      // As registered, a client can be passed on: it is known, though its grant types do not cover this.
      await expect(requestClientCredentialsToken(scene.api, service)).rejects.toMatchObject({ status: 400 })
    })

    it('tells which field was refused', async () => {
      const redirect_uris = ['https://app.example/#fragment']
      await expect(registerOAuthClient(scene.api, { redirect_uris })).rejects.toMatchObject({
        status: 400,
        code: expect.stringMatching(/^invalid_(client_metadata|redirect_uri)$/),
        pointer: 'redirect_uris',
      })
    })
  })
}
