import Telnyx from 'telnyx'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { authorizeInBrowser, authorizeUrl, DEMO_CLIENT_ID } from '../support/emulator-sign-in.ts'
import { createNavigator } from '../support/navigate.ts'
import { API_KEY, type Bench, basic, CONFIDENTIAL, openBench } from './support/official-sdk.ts'

const SEED = { clients: 45, grants: 45 }

describe.each(['live', 'spec'] as const)(
  'the official SDK, given only a base URL, on the profile %s',
  (profile) => {
    let bench: Bench

    beforeAll(async () => {
      bench = await openBench({ profile, seed: SEED })
    })

    afterAll(() => bench.close())

    /** A code, as the demo app gets it. */
    async function signIn(): Promise<{ code: string; code_verifier: string; redirect_uri: string }> {
      const { callbackUrl, codeVerifier, redirectUri } = await authorizeInBrowser(bench.emulator.issuer, {
        scope: bench.scope,
      })
      return {
        code: callbackUrl.searchParams.get('code') ?? '',
        code_verifier: codeVerifier,
        redirect_uri: redirectUri,
      }
    }

    async function consentToken(): Promise<string> {
      const { url } = await authorizeUrl(bench.emulator.issuer, { scope: bench.scope })
      const page = await createNavigator().follow(url)
      return page.url.slice(page.url.lastIndexOf('/') + 1)
    }

    test('reads both metadata documents', async () => {
      const { telnyx, emulator } = bench
      const server = await telnyx.wellKnown.retrieveAuthorizationServerMetadata()
      expect(server).toMatchObject({
        issuer: emulator.issuer,
        token_endpoint: `${emulator.issuer}/v2/oauth/token`,
      })
      const resource = await telnyx.wellKnown.retrieveProtectedResourceMetadata()
      expect(resource).toMatchObject({ resource: emulator.issuer, authorization_servers: [emulator.issuer] })
    })

    test('reads the key set', async () => {
      const { keys } = await bench.telnyx.oauth.retrieveJwks()
      expect(keys).toEqual([expect.objectContaining({ kty: 'EC', alg: 'ES256', use: 'sig' })])
      expect(JSON.stringify(keys)).not.toContain('"d"')
    })

    test('gets the sign-in page as text from authorize', async () => {
      const { url } = await authorizeUrl(bench.emulator.issuer, { scope: bench.scope })
      const query = Object.fromEntries(
        new URL(url).searchParams,
      ) as unknown as Telnyx.OAuthRetrieveAuthorizeParams
      expect(await bench.telnyx.oauth.retrieveAuthorize(query)).toContain('Telnyx OAuth console wants to use')
    })

    test('exchanges a code, refreshes, and gets a token of its own', async () => {
      const { oauth } = bench.telnyx
      const first = await oauth.token({
        grant_type: 'authorization_code',
        client_id: DEMO_CLIENT_ID,
        ...(await signIn()),
      })
      expect(first).toMatchObject({ token_type: 'Bearer', expires_in: 1800, scope: bench.scope })
      const second = await oauth.token({
        grant_type: 'refresh_token',
        client_id: DEMO_CLIENT_ID,
        refresh_token: first.refresh_token ?? '',
      })
      expect(second.refresh_token).not.toBe(first.refresh_token)
      const own = await oauth.token({ grant_type: 'client_credentials' }, { headers: basic() })
      expect(own).toMatchObject({ token_type: 'Bearer', expires_in: 1800 })
      expect(own).not.toHaveProperty('refresh_token')
    })

    test('introspects a live token, and one that is none', async () => {
      const { oauth } = bench.telnyx
      const { access_token: token } = await oauth.token({
        grant_type: 'client_credentials',
        client_id: CONFIDENTIAL.clientId,
        client_secret: CONFIDENTIAL.clientSecret,
        scope: bench.scope,
      })
      const live = await oauth.introspect({ token }, { headers: basic() })
      expect(live).toMatchObject({
        active: true,
        client_id: CONFIDENTIAL.clientId,
        scope: bench.scope,
        iss: bench.emulator.issuer,
      })
      expect(await oauth.introspect({ token: API_KEY }, { headers: basic() })).toEqual({ active: false })
    })

    test('registers a public and a confidential client', async () => {
      const app = await bench.telnyx.oauth.register({
        client_name: 'Somebody’s app',
        redirect_uris: ['https://app.example/callback'],
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
      })
      expect(app).toMatchObject({
        client_name: 'Somebody’s app',
        token_endpoint_auth_method: 'none',
        response_types: ['code'],
      })
      expect(app).not.toHaveProperty('client_secret')
      const service = await bench.telnyx.oauth.register({ redirect_uris: ['https://app.example/callback'] })
      expect(service).toMatchObject({
        token_endpoint_auth_method: 'client_secret_basic',
        client_secret: expect.any(String),
      })
    })

    test('describes a pending consent and records yes and no', async () => {
      const { oauth } = bench.telnyx
      const [yes, no] = [await consentToken(), await consentToken()]
      const { data } = await oauth.retrieve(yes)
      expect(data).toMatchObject({
        client_id: DEMO_CLIENT_ID,
        redirect_uri: 'http://localhost:5173/callback',
        verified: true,
      })
      expect(data?.requested_scopes).toEqual([
        { id: bench.scope, name: expect.any(String), description: expect.any(String) },
      ])
      const allowed = await oauth.grants({ allowed: true, consent_token: yes })
      expect(new URL(allowed.redirect_uri).searchParams.get('code')).toEqual(expect.any(String))
      const denied = await oauth.grants({ allowed: false, consent_token: no })
      expect(new URL(denied.redirect_uri).searchParams.get('error')).toBe('access_denied')
    })

    test('creates, reads, changes and deletes a client', async () => {
      const { oauthClients } = bench.telnyx
      const { data: created } = await oauthClients.create({
        name: 'Billing job',
        client_type: 'confidential',
        allowed_scopes: [bench.scope],
        allowed_grant_types: ['client_credentials'],
      })
      const id = created?.client_id ?? ''
      expect(created).toMatchObject({
        record_type: 'oauth_client',
        client_secret: expect.any(String),
        require_pkce: false,
      })
      expect((await oauthClients.retrieve(id)).data).toMatchObject({
        name: 'Billing job',
        client_secret: null,
      })
      const { data: changed } = await oauthClients.update(id, { name: 'Billing job 2' })
      expect(changed).toMatchObject({ name: 'Billing job 2', allowed_scopes: [bench.scope] })
      expect(await oauthClients.delete(id)).toBeNull()
      await expect(oauthClients.retrieve(id)).rejects.toBeInstanceOf(Telnyx.NotFoundError)
    })

    test('pages through every client by itself', async () => {
      const ids: string[] = []
      for await (const client of bench.telnyx.oauthClients.list({
        'page[size]': 20,
        'filter[name][contains]': 'seeded',
      })) {
        ids.push(client.client_id)
      }
      expect(new Set(ids).size).toBe(SEED.clients)
      expect(ids).toHaveLength(SEED.clients)
    })

    test('filters clients', async () => {
      const { oauthClients } = bench.telnyx
      const total = async (query: Telnyx.OAuthClientListParams): Promise<number | undefined> =>
        ((await oauthClients.list(query)).meta as { readonly total_results?: number }).total_results
      expect(await total({ 'filter[client_id]': DEMO_CLIENT_ID })).toBe(1)
      expect(await total({ 'filter[name]': 'Backend service' })).toBe(1)
      expect(await total({ 'filter[client_type]': 'public', 'filter[name][contains]': 'Seeded' })).toBe(22)
      expect(await total({ 'filter[verified]': true, 'filter[name][contains]': 'Seeded' })).toBe(15)
      expect(await total({ 'filter[allowed_grant_types][contains]': 'client_credentials' })).toBe(24)
    })

    test('lists, reads and revokes grants', async () => {
      const { oauthGrants } = bench.telnyx
      const ids: string[] = []
      for await (const grant of oauthGrants.list({ 'page[size]': 10 })) ids.push(grant.id)
      expect(new Set(ids).size).toBe(bench.emulator.grants.length)
      const [id = ''] = ids
      expect((await oauthGrants.retrieve(id)).data).toMatchObject({ id, record_type: 'oauth_grant' })
      expect((await oauthGrants.delete(id)).data).toMatchObject({ id, scopes: expect.any(Array) })
      await expect(oauthGrants.retrieve(id)).rejects.toBeInstanceOf(Telnyx.NotFoundError)
    })

    test('throws its own error classes', async () => {
      const { oauth, oauthClients } = bench.telnyx
      const stranger = bench.sdk({ apiKey: 'KEY_NOBODY' })
      await expect(stranger.oauthClients.list()).rejects.toBeInstanceOf(Telnyx.AuthenticationError)
      await expect(oauth.token({ grant_type: 'refresh_token' })).rejects.toBeInstanceOf(
        Telnyx.AuthenticationError,
      )
      await expect(
        oauth.token({ grant_type: 'refresh_token', client_id: DEMO_CLIENT_ID }),
      ).rejects.toBeInstanceOf(Telnyx.BadRequestError)
      await expect(oauthClients.update(DEMO_CLIENT_ID, { redirect_uris: ['#'] })).rejects.toBeInstanceOf(
        Telnyx.UnprocessableEntityError,
      )
      for (const [status, errorClass] of ERROR_CLASSES) {
        bench.emulator.fail('clients', {
          status,
          body: { errors: [{ code: '10007', title: 'Unexpected error' }] },
        })
        await expect(oauthClients.list()).rejects.toBeInstanceOf(errorClass)
      }
      bench.emulator.fail('clients', { drop: true })
      await expect(oauthClients.list()).rejects.toBeInstanceOf(Telnyx.APIConnectionError)
    })

    test('saw nothing that the contract does not allow', () => {
      expect(bench.witness.complaints).toEqual([])
      expect(bench.witness.count).toBeGreaterThan(40)
    })
  },
)

const ERROR_CLASSES = [
  [403, Telnyx.PermissionDeniedError],
  [409, Telnyx.ConflictError],
  [429, Telnyx.RateLimitError],
  [500, Telnyx.InternalServerError],
  [503, Telnyx.InternalServerError],
] as const
