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
  refreshAccessToken,
  registerOAuthClient,
  requestClientCredentialsToken,
  revokeOAuthGrant,
  type TelnyxApi,
  updateOAuthClient,
} from '@telnyx-oauth/api'
import { describe, expect, it } from 'vitest'
import { createWire } from './support/scripted-fetch.ts'

/** Where the calls go. */
const BASE = 'http://localhost:4010/v2'
const APP: { readonly client_id: string } = { client_id: 'app' }
const SERVICE: { readonly client_id: string; readonly client_secret: string } = {
  client_id: 'service',
  client_secret: 'secret',
}
const CLIENT = { client_id: 'abc', name: 'Billing job', from_the_future: { kept: true } }
const GRANT = { id: '1', scopes: ['billing.read'], from_the_future: 1 }
const TOKEN = { access_token: 'a', token_type: 'Bearer', expires_in: 1800, from_the_future: null }
const NEW_CLIENT = {
  name: 'Billing job',
  client_type: 'confidential',
  allowed_scopes: ['billing.read'],
  allowed_grant_types: ['client_credentials'],
  redirect_uris: [],
  require_pkce: true,
} as const

/** One call, what it puts on the wire, and what it makes of the answer. */
interface OperationCase {
  readonly call: (api: TelnyxApi) => Promise<unknown>
  readonly sends: string
  /** JSON or form text. */
  readonly body?: object | string
  readonly isPublic?: true
  readonly status?: number
  readonly answer?: unknown
  /** What the call resolves with, if not the answer. */
  readonly gives?: unknown
}

const METADATA = { issuer: 'http://localhost:4010', agent_auth: { skill: 'x' } }
const RESOURCE = { resource: 'http://localhost:4010', resource_name: 'Telnyx' }

/** Every operation that sends something. */
const OPERATION_CASES: Readonly<Record<string, OperationCase>> = {
  'authorization server metadata, at the root': {
    call: (api) => getAuthorizationServerMetadata(api),
    sends: 'GET http://localhost:4010/.well-known/oauth-authorization-server',
    isPublic: true,
    answer: METADATA,
  },
  'protected resource metadata, at the root': {
    call: (api) => getProtectedResourceMetadata(api),
    sends: 'GET http://localhost:4010/.well-known/oauth-protected-resource',
    isPublic: true,
    answer: RESOURCE,
  },
  'protected resource metadata of a path': {
    call: (api) => getProtectedResourceMetadata(api, '/v2/mcp'),
    sends: 'GET http://localhost:4010/.well-known/oauth-protected-resource/v2/mcp',
    isPublic: true,
    answer: RESOURCE,
  },
  'protected resource metadata of another origin': {
    call: (api) => getProtectedResourceMetadata(api, 'https://mcp.example/a?b=c'),
    sends: 'GET https://mcp.example/.well-known/oauth-protected-resource/a?b=c',
    isPublic: true,
    answer: RESOURCE,
  },
  'protected resource metadata of an origin alone': {
    call: (api) => getProtectedResourceMetadata(api, 'https://mcp.example/?b=c'),
    sends: 'GET https://mcp.example/.well-known/oauth-protected-resource?b=c',
    isPublic: true,
    answer: RESOURCE,
  },
  'the key set': {
    call: (api) => getJwks(api),
    sends: `GET ${BASE}/oauth/jwks`,
    isPublic: true,
    answer: { keys: [{ kid: '1', kty: 'EC', x: '…' }] },
  },
  'consent details': {
    call: (api) => getConsentDetails(api, 'tok/en'),
    sends: `GET ${BASE}/oauth/consent/tok%2Fen`,
    answer: { data: { name: 'App', verified: true } },
    gives: { name: 'App', verified: true },
  },
  'a decision': {
    call: (api) => createOAuthGrant(api, { consent_token: 'token', allowed: false }),
    sends: `POST ${BASE}/oauth/grants`,
    body: { consent_token: 'token', allowed: false },
    answer: { redirect_uri: 'https://app.example/?error=access_denied' },
  },
  'an introspection': {
    call: (api) => introspectToken(api, SERVICE, 'some token'),
    sends: `POST ${BASE}/oauth/introspect`,
    body: 'token=some+token',
    isPublic: true,
    answer: { active: false },
  },
  'a registration': {
    call: (api) => registerOAuthClient(api, { client_name: 'App', token_endpoint_auth_method: 'none' }),
    sends: `POST ${BASE}/oauth/register`,
    body: { client_name: 'App', token_endpoint_auth_method: 'none' },
    isPublic: true,
    status: 201,
    answer: { client_id: 'abc', client_id_issued_at: 1 },
  },
  'a code': {
    call: (api) =>
      exchangeAuthorizationCode(api, APP, {
        code: 'c',
        code_verifier: 'v',
        redirect_uri: 'https://app.example/callback',
        resource: undefined,
      }),
    sends: `POST ${BASE}/oauth/token`,
    body: 'code=c&code_verifier=v&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback&grant_type=authorization_code&client_id=app',
    isPublic: true,
    answer: TOKEN,
  },
  'a refresh token': {
    call: (api) => refreshAccessToken(api, APP, { refresh_token: 'r', scope: 'billing.read' }),
    sends: `POST ${BASE}/oauth/token`,
    body: 'refresh_token=r&scope=billing.read&grant_type=refresh_token&client_id=app',
    isPublic: true,
    answer: TOKEN,
  },
  'client credentials': {
    call: (api) => requestClientCredentialsToken(api, SERVICE, { resource: 'https://api.telnyx.com/v2/mcp' }),
    sends: `POST ${BASE}/oauth/token`,
    body: 'resource=https%3A%2F%2Fapi.telnyx.com%2Fv2%2Fmcp&grant_type=client_credentials',
    isPublic: true,
    answer: TOKEN,
  },
  'a new client': {
    call: (api) => createOAuthClient(api, NEW_CLIENT),
    sends: `POST ${BASE}/oauth_clients`,
    body: NEW_CLIENT,
    status: 201,
    answer: { data: CLIENT },
    gives: CLIENT,
  },
  'a client': {
    call: (api) => getOAuthClient(api, 'a b/c'),
    sends: `GET ${BASE}/oauth_clients/a%20b%2Fc`,
    answer: { data: CLIENT },
    gives: CLIENT,
  },
  'a change of a client': {
    call: (api) => updateOAuthClient(api, 'abc', { name: 'Other' }),
    sends: `PUT ${BASE}/oauth_clients/abc`,
    body: { name: 'Other' },
    answer: { data: CLIENT },
    gives: CLIENT,
  },
  'the end of a client': {
    call: (api) => deleteOAuthClient(api, 'abc'),
    sends: `DELETE ${BASE}/oauth_clients/abc`,
    status: 204,
    gives: undefined,
  },
  'a grant': {
    call: (api) => getOAuthGrant(api, '1'),
    sends: `GET ${BASE}/oauth_grants/1`,
    answer: { data: GRANT },
    gives: GRANT,
  },
  'the end of a grant': {
    call: (api) => revokeOAuthGrant(api, '1'),
    sends: `DELETE ${BASE}/oauth_grants/1`,
    answer: { data: GRANT },
    gives: GRANT,
  },
  'clients, by all filters': {
    call: async (api) =>
      firstOf(
        listOAuthClients(api, {
          'page[size]': 50,
          'filter[client_type]': 'public',
          'filter[verified]': true,
          'filter[allowed_grant_types][contains]': 'refresh_token',
          'filter[name]': 'App & Co',
          'filter[name][contains]': 'pp',
          'filter[client_id]': undefined,
        }),
      ),
    sends: `GET ${BASE}/oauth_clients?page%5Bsize%5D=50&filter%5Bclient_type%5D=public&filter%5Bverified%5D=true&filter%5Ballowed_grant_types%5D%5Bcontains%5D=refresh_token&filter%5Bname%5D=App+%26+Co&filter%5Bname%5D%5Bcontains%5D=pp&page%5Bnumber%5D=1`,
    answer: { data: [CLIENT], meta: { total_pages: 1 } },
    gives: CLIENT,
  },
  grants: {
    call: async (api) => firstOf(listOAuthGrants(api)),
    sends: `GET ${BASE}/oauth_grants?page%5Bnumber%5D=1`,
    answer: { data: [GRANT], meta: { total_pages: 1 } },
    gives: GRANT,
  },
}

/** The first item of a list. */
async function firstOf(list: AsyncIterable<unknown>): Promise<unknown> {
  for await (const item of list) return item
  return undefined
}

describe.each(Object.entries(OPERATION_CASES))(
  '%s',
  (_title, { call, sends, body, isPublic, status, answer, ...rest }) => {
    const open = () => {
      const wire = createWire({ status: status ?? 200, ...(answer !== undefined && { body: answer }) })
      return { ...wire, api: createTelnyxApi({ baseUrl: BASE, apiKey: 'KEY', fetch: wire.fetch }) }
    }

    it('is asked for as the contract says', async () => {
      const { api, requests } = open()
      await call(api)
      const [request] = requests
      expect(`${request?.method} ${request?.url}`).toBe(sends)
      expect(request?.body).toBe(typeof body === 'object' ? JSON.stringify(body) : body)
      const type = typeof body === 'object' ? /^application\/json$/ : /^application\/x-www-form-urlencoded/
      if (body !== undefined) expect(request?.headers.get('content-type')).toMatch(type)
      expect(request?.headers.get('authorization') === 'Bearer KEY').toBe(!isPublic)
      expect(requests).toHaveLength(1)
    })

    it('comes whole, unknown fields included', async () => {
      const { api } = open()
      expect(await call(api)).toEqual('gives' in rest ? rest.gives : answer)
    })
  },
)

describe('the answer to a', () => {
  it.each<[string, (api: TelnyxApi) => Promise<unknown>]>([
    ['token request must have a token', (api) => refreshAccessToken(api, APP, { refresh_token: 'r' })],
    ['registration must have a client id', (api) => registerOAuthClient(api, {})],
    [
      'decision must have a redirect URI',
      (api) => createOAuthGrant(api, { consent_token: 't', allowed: true }),
    ],
    ['introspection must say whether the token is active', (api) => introspectToken(api, SERVICE, 't')],
    ['list must have an array', (api) => firstOf(listOAuthClients(api))],
  ])('%s', async (_title, call) => {
    const { fetch } = createWire({ status: 200, body: { data: { not: 'asked for' } } })
    await expect(call(createTelnyxApi({ fetch }))).rejects.toMatchObject({
      name: 'TelnyxApiError',
      status: 200,
    })
  })

  it.each<[string, object, (api: TelnyxApi) => Promise<unknown>]>([
    [
      'token request has no token if that is null',
      { access_token: null },
      (api) => refreshAccessToken(api, APP, { refresh_token: 'r' }),
    ],
    [
      'token request has no token if that is empty',
      { access_token: '' },
      (api) => refreshAccessToken(api, APP, { refresh_token: 'r' }),
    ],
    [
      'registration has no client id if that is null',
      { client_id: null },
      (api) => registerOAuthClient(api, {}),
    ],
    [
      'decision has no redirect URI if that is null',
      { redirect_uri: null },
      (api) => createOAuthGrant(api, { consent_token: 't', allowed: true }),
    ],
    [
      'introspection says nothing if active is a text',
      { active: 'false' },
      (api) => introspectToken(api, SERVICE, 't'),
    ],
  ])('%s', async (_title, body, call) => {
    const { fetch } = createWire({ status: 200, body })
    await expect(call(createTelnyxApi({ fetch }))).rejects.toMatchObject({
      name: 'TelnyxApiError',
      status: 200,
    })
  })

  it.each(['[]', '"text"', '7', 'null'])('discovery request must be an object, not %s', async (body) => {
    const call = getAuthorizationServerMetadata(
      createTelnyxApi({ fetch: createWire({ status: 200, body }).fetch }),
    )
    await expect(call).rejects.toMatchObject({ name: 'TelnyxApiError' })
  })

  it.each([[[]], ['text'], [7], [null]])('read must have an object as data, not %j', async (data) => {
    const { fetch } = createWire({ status: 200, body: { data } })
    const call = getOAuthClient(createTelnyxApi({ fetch }), 'abc')
    await expect(call).rejects.toMatchObject({ name: 'TelnyxApiError' })
  })
})

describe('the authorization URL', () => {
  const api = createTelnyxApi({ baseUrl: BASE })

  it('asks for a code with all that was given and nothing that was not', () => {
    const url = buildAuthorizationUrl(api, {
      client_id: 'app',
      redirect_uri: 'https://app.example/callback?a=b',
      scope: 'billing.read voice.write',
      state: undefined,
      code_challenge: 'challenge',
      code_challenge_method: 'S256',
      resource: 'https://api.telnyx.com/v2/mcp',
    })
    expect(url.slice(0, url.indexOf('?'))).toBe(`${BASE}/oauth/authorize`)
    expect(Object.fromEntries(new URL(url).searchParams)).toEqual({
      response_type: 'code',
      client_id: 'app',
      redirect_uri: 'https://app.example/callback?a=b',
      scope: 'billing.read voice.write',
      code_challenge: 'challenge',
      code_challenge_method: 'S256',
      resource: 'https://api.telnyx.com/v2/mcp',
    })
  })

  it('never asks for anything but a code', () => {
    const request = { client_id: 'app', redirect_uri: 'https://app.example/', response_type: 'token' }
    expect(buildAuthorizationUrl(api, request)).toContain('response_type=code')
  })
})
