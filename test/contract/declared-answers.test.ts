import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { authorizeInBrowser, authorizeUrl, DEMO_CLIENT_ID } from '../support/emulator-sign-in.ts'
import { createNavigator } from '../support/navigate.ts'
import { API_KEY, type Bench, basic, openBench } from './support/official-sdk.ts'
import { loadContract } from './support/openapi.ts'

type Cause = (bench: Bench) => Promise<unknown>

const bearer = { authorization: `Bearer ${API_KEY}` }
const nobody = { authorization: 'Bearer KEY_NOBODY' }
const noId = '00000000-0000-4000-8000-000000000000'

const call =
  (method: string, path: string, headers: Record<string, string> = {}, json?: unknown): Cause =>
  ({ emulator }) =>
    fetch(`${emulator.url}${path}`, {
      method,
      headers: json === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    })

const visit =
  (query: (issuer: string) => Promise<Record<string, string>>): Cause =>
  async ({ emulator, witness }) => {
    const url = `${emulator.url}/v2/oauth/authorize?${new URLSearchParams(await query(emulator.issuer))}`
    witness.tell('GET', await createNavigator().get(url))
  }

const authorizeQuery =
  (changed: Record<string, string | undefined> = {}) =>
  async (issuer: string): Promise<Record<string, string>> => {
    const given = Object.fromEntries(new URL((await authorizeUrl(issuer)).url).searchParams)
    const entries = Object.entries({ ...given, ...changed })
    return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined))
  }

const consent =
  (then: (token: string) => Cause): Cause =>
  async (bench) => {
    const { url } = await authorizeUrl(bench.emulator.issuer, { scope: bench.scope })
    const page = await createNavigator().follow(url)
    return then(page.url.slice(page.url.lastIndexOf('/') + 1))(bench)
  }

const client = { name: 'A', client_type: 'confidential', allowed_scopes: [], allowed_grant_types: [] }

const created =
  (then: (id: string) => Cause): Cause =>
  async (bench) => {
    const { data } = await bench.telnyx.oauthClients.create({ ...client, client_type: 'confidential' })
    return then(data?.client_id ?? '')(bench)
  }

const granted =
  (then: (id: string) => Cause): Cause =>
  async (bench) => {
    await authorizeInBrowser(bench.emulator.issuer, { scope: bench.scope })
    return then(bench.emulator.grants.at(-1)?.id ?? '')(bench)
  }

const exchange: Cause = async (bench) => {
  const { callbackUrl, codeVerifier, redirectUri } = await authorizeInBrowser(bench.emulator.issuer, {
    scope: bench.scope,
  })
  return call(
    'POST',
    '/v2/oauth/token',
    {},
    {
      grant_type: 'authorization_code',
      client_id: DEMO_CLIENT_ID,
      code: callbackUrl.searchParams.get('code'),
      code_verifier: codeVerifier,
      redirect_uri: redirectUri,
    },
  )(bench)
}

/** What brings each declared answer about. */
const CAUSES: Readonly<Record<string, Cause>> = {
  'GetOAuthAuthorizationServerMetadata 200': call('GET', '/.well-known/oauth-authorization-server'),
  'GetOAuthProtectedResourceMetadata 200': call('GET', '/.well-known/oauth-protected-resource'),
  'AuthorizeOAuth 200': async ({ emulator }) =>
    fetch((await authorizeUrl(emulator.issuer, { scope: '' })).url),
  'AuthorizeOAuth 302': visit(authorizeQuery()),
  'AuthorizeOAuth 400': visit(authorizeQuery({ redirect_uri: undefined })),
  'AuthorizeOAuth 404': visit(authorizeQuery({ client_id: 'nobody' })),
  'AuthorizeOAuth 422': visit(authorizeQuery({ redirect_uri: 'https://elsewhere.example/callback' })),
  'GetOAuthConsentToken 200': consent((token) => call('GET', `/v2/oauth/consent/${token}`, bearer)),
  'GetOAuthConsentToken 422': call('GET', '/v2/oauth/consent/nothing', bearer),
  'CreateOAuthGrant 200': consent((token) =>
    call('POST', '/v2/oauth/grants', bearer, { allowed: true, consent_token: token }),
  ),
  'CreateOAuthGrant 422': call('POST', '/v2/oauth/grants', bearer, {
    allowed: true,
    consent_token: 'nothing',
  }),
  'IntrospectOAuthToken 200': call('POST', '/v2/oauth/introspect', basic(), { token: 'x' }),
  'IntrospectOAuthToken 400': call('POST', '/v2/oauth/introspect', basic(), {}),
  'IntrospectOAuthToken 401': call('POST', '/v2/oauth/introspect', {}, { token: 'x' }),
  'GetOAuthJWKS 200': call('GET', '/v2/oauth/jwks'),
  'RegisterOAuthClient 201': call(
    'POST',
    '/v2/oauth/register',
    {},
    { redirect_uris: ['https://a.example/cb'] },
  ),
  'RegisterOAuthClient 400': call('POST', '/v2/oauth/register', {}, { contacts: ['a@example.com'] }),
  'ExchangeOAuthToken 200': exchange,
  'ExchangeOAuthToken 400': call(
    'POST',
    '/v2/oauth/token',
    {},
    { grant_type: 'password', client_id: DEMO_CLIENT_ID },
  ),
  'ExchangeOAuthToken 401': call(
    'POST',
    '/v2/oauth/token',
    {},
    { grant_type: 'client_credentials', client_id: 'nobody' },
  ),
  'ListOAuthClients 200': call('GET', '/v2/oauth_clients', bearer),
  'ListOAuthClients 401': call('GET', '/v2/oauth_clients', nobody),
  'CreateOAuthClient 201': call('POST', '/v2/oauth_clients', bearer, client),
  'CreateOAuthClient 400': call('POST', '/v2/oauth_clients', bearer),
  'CreateOAuthClient 401': call('POST', '/v2/oauth_clients', nobody, client),
  'CreateOAuthClient 422': call('POST', '/v2/oauth_clients', bearer, { ...client, unknown: true }),
  'GetOAuthClient 200': created((id) => call('GET', `/v2/oauth_clients/${id}`, bearer)),
  'GetOAuthClient 404': call('GET', `/v2/oauth_clients/${noId}`, bearer),
  'UpdateOAuthClient 200': created((id) => call('PUT', `/v2/oauth_clients/${id}`, bearer, { name: 'B' })),
  'UpdateOAuthClient 404': call('PUT', `/v2/oauth_clients/${noId}`, bearer, { name: 'B' }),
  'UpdateOAuthClient 422': created((id) =>
    call('PUT', `/v2/oauth_clients/${id}`, bearer, { client_type: 'public' }),
  ),
  'DeleteOAuthClient 204': created((id) => call('DELETE', `/v2/oauth_clients/${id}`, bearer)),
  'DeleteOAuthClient 404': call('DELETE', `/v2/oauth_clients/${noId}`, bearer),
  'ListOAuthGrants 200': call('GET', '/v2/oauth_grants', bearer),
  'ListOAuthGrants 400': call('GET', '/v2/oauth_grants?page[number]=0', bearer),
  'ListOAuthGrants 401': call('GET', '/v2/oauth_grants', nobody),
  'GetOAuthGrant 200': granted((id) => call('GET', `/v2/oauth_grants/${id}`, bearer)),
  'GetOAuthGrant 404': call('GET', `/v2/oauth_grants/${noId}`, bearer),
  'RevokeOAuthGrant 200': granted((id) => call('DELETE', `/v2/oauth_grants/${id}`, bearer)),
  'RevokeOAuthGrant 404': call('DELETE', `/v2/oauth_grants/${noId}`, bearer),
}

const faulty =
  (endpoint: 'metadata' | 'resource-metadata' | 'jwks', path: string, status: number): Cause =>
  (bench) => {
    bench.emulator.fail(endpoint, {
      status,
      body: { error: status === 401 ? 'invalid_client' : 'invalid_request' },
    })
    return call('GET', path)(bench)
  }

/** Declared, but nothing a caller sends brings them about: public documents need no request that could be wrong. */
const FAULTS: Readonly<Record<string, Cause>> = {
  'GetOAuthAuthorizationServerMetadata 400': faulty(
    'metadata',
    '/.well-known/oauth-authorization-server',
    400,
  ),
  'GetOAuthAuthorizationServerMetadata 401': faulty(
    'metadata',
    '/.well-known/oauth-authorization-server',
    401,
  ),
  'GetOAuthProtectedResourceMetadata 400': faulty(
    'resource-metadata',
    '/.well-known/oauth-protected-resource',
    400,
  ),
  'GetOAuthProtectedResourceMetadata 401': faulty(
    'resource-metadata',
    '/.well-known/oauth-protected-resource',
    401,
  ),
  'GetOAuthJWKS 400': faulty('jwks', '/v2/oauth/jwks', 400),
  'GetOAuthJWKS 401': faulty('jwks', '/v2/oauth/jwks', 401),
}

describe.each(['live', 'spec'] as const)('the contract, on the profile %s', (profile) => {
  let bench: Bench

  beforeAll(async () => {
    bench = await openBench({ profile, rateLimits: false })
  })

  afterAll(() => bench.close())

  test.each(Object.entries({ ...CAUSES, ...FAULTS }))('declares and gives %s', async (name, cause) => {
    bench.witness.forget()
    await cause(bench)
    expect([...bench.witness.seen]).toContain(name)
    expect(bench.witness.complaints).toEqual([])
  })

  test('declares nothing that was not given', () => {
    expect(new Set([...Object.keys(CAUSES), ...Object.keys(FAULTS)])).toEqual(
      new Set(loadContract().declared),
    )
  })

  test('answers what it does not declare with the v2 error envelope', async () => {
    const undeclared = [
      call('GET', `/v2/oauth_clients/${noId}`, nobody),
      call('DELETE', `/v2/oauth_grants/${noId}`, nobody),
      call('GET', '/v2/oauth/consent/nothing', nobody),
      call('GET', '/v2/oauth_clients?page[size]=none', bearer),
    ]
    for (const cause of undeclared) await cause(bench)
    expect(bench.witness.complaints).toEqual([])
    expect([...bench.witness.seen]).toEqual(
      expect.arrayContaining(['GetOAuthClient 401', 'RevokeOAuthGrant 401', 'ListOAuthClients 400']),
    )
  })
})

describe('the witness', () => {
  test('complains about a body, a content type and an envelope that are not as declared', async () => {
    const bench = await openBench({ profile: 'spec' })
    const { emulator, witness } = bench
    emulator.fail('token', { status: 400, body: { message: 'no' } })
    emulator.fail('jwks', { status: 200, body: '{}', headers: { 'content-type': 'text/plain' } })
    emulator.fail('clients', { status: 503, body: '<h1>busy</h1>' })
    await call('POST', '/v2/oauth/token', {}, {})(bench)
    await call('GET', '/v2/oauth/jwks')(bench)
    await call('GET', '/v2/oauth_clients')(bench)
    await bench.close()
    expect(witness.complaints).toEqual([
      "ExchangeOAuthToken 400: the body must have required property 'error'",
      'GetOAuthJWKS 200: content type text/plain is none of application/json',
      'ListOAuthClients 503: no v2 error envelope: <h1>busy</h1>',
    ])
  })
})
