import { describe, expect, test } from 'vitest'
import { discoverEmulator } from '../../../support/emulator-sign-in.ts'
import { startEmulator } from '../../../support/start-emulator.ts'

async function read(url: string): Promise<Record<string, unknown>> {
  const response = await fetch(url)
  expect(response.status).toBe(200)
  return (await response.json()) as Record<string, unknown>
}

describe('authorization server metadata', () => {
  test('is the same at the root and under /v2, and holds for RFC 8414', async () => {
    const { url, issuer } = await startEmulator()
    const root = await read(`${url}/.well-known/oauth-authorization-server`)
    expect(await read(`${url}/v2/.well-known/oauth-authorization-server`)).toEqual(root)
    expect(await discoverEmulator(issuer)).toMatchObject({ issuer })
  })

  test('of the live profile has 32 scopes, S256 only, and nothing Telnyx does not have', async () => {
    const { url } = await startEmulator()
    const metadata = await read(`${url}/.well-known/oauth-authorization-server`)
    expect(metadata.scopes_supported).toHaveLength(32)
    expect(metadata.code_challenge_methods_supported).toEqual(['S256'])
    expect(
      Object.keys(metadata).filter((name) =>
        /revocation|dpop|pushed|userinfo|end_session|iss_parameter/.test(name),
      ),
    ).toEqual([])
  })

  test('of the spec profile has the scope admin and both challenge methods', async () => {
    const { url } = await startEmulator({ profile: 'spec' })
    expect(await read(`${url}/.well-known/oauth-authorization-server`)).toMatchObject({
      scopes_supported: ['admin'],
      code_challenge_methods_supported: ['plain', 'S256'],
    })
  })

  test('names what the options add', async () => {
    const { url, issuer } = await startEmulator({
      dpop: true,
      revocation: true,
      par: { required: true },
      issRedirectParameter: true,
    })
    expect(await read(`${url}/.well-known/oauth-authorization-server`)).toMatchObject({
      revocation_endpoint: `${issuer}/v2/oauth/revoke`,
      pushed_authorization_request_endpoint: `${issuer}/v2/oauth/par`,
      require_pushed_authorization_requests: true,
      dpop_signing_alg_values_supported: expect.arrayContaining(['ES256']),
      authorization_response_iss_parameter_supported: true,
    })
  })

  test('can be overridden member by member', async () => {
    const { url } = await startEmulator({
      metadata: { token_endpoint: 'https://proxy.example/token', jwks_uri: null },
    })
    const metadata = await read(`${url}/.well-known/oauth-authorization-server`)
    expect(metadata).toMatchObject({ token_endpoint: 'https://proxy.example/token' })
    expect(metadata).not.toHaveProperty('jwks_uri')
  })
})

describe('protected resource metadata', () => {
  test('exists for the API, for its MCP server and for resources of one’s own, at the root and under /v2', async () => {
    const { url, issuer } = await startEmulator({ resources: ['/own', 'https://files.example'] })
    for (const prefix of ['', '/v2']) {
      const at = `${url}${prefix}/.well-known/oauth-protected-resource`
      expect(await read(at)).toMatchObject({ resource: issuer, authorization_servers: [issuer] })
      expect(await read(`${at}/v2/mcp`)).toMatchObject({
        resource: `${issuer}/v2/mcp`,
        resource_name: 'Telnyx MCP',
      })
    }
    const { protected_resources: resources } = await read(`${url}/.well-known/oauth-authorization-server`)
    expect(resources).toEqual([issuer, `${issuer}/v2/mcp`, `${issuer}/own`, 'https://files.example'])
    expect(await read(`${url}/.well-known/oauth-protected-resource/own`)).toMatchObject({
      resource: `${issuer}/own`,
    })
    expect((await fetch(`${url}/.well-known/oauth-protected-resource/v2/unknown`)).status).toBe(404)
  })
})

describe('metadata that change while the server runs', () => {
  test('have other members until the change is taken back, at the root and under /v2', async () => {
    const { url, issuer, changeMetadata } = await startEmulator({ metadata: { jwks_uri: null } })
    const at = (prefix: string): string => `${url}${prefix}/.well-known/oauth-authorization-server`
    const before = await read(at(''))
    const change = changeMetadata('metadata', {
      issuer: 'https://other.example',
      code_challenge_methods_supported: null,
    })
    for (const prefix of ['', '/v2']) {
      const metadata = await read(at(prefix))
      expect(metadata).toMatchObject({
        issuer: 'https://other.example',
        token_endpoint: `${issuer}/v2/oauth/token`,
      })
      expect(metadata).not.toHaveProperty('code_challenge_methods_supported')
      expect(metadata).not.toHaveProperty('jwks_uri')
    }
    change.remove()
    expect(await read(at(''))).toEqual(before)
  })

  test('of a resource name another authorization server until the emulator is reset', async () => {
    const emulator = await startEmulator()
    const path = `${emulator.url}/.well-known/oauth-protected-resource/v2/mcp`
    const before = await read(path)
    emulator.changeMetadata('resource-metadata', { authorization_servers: ['https://other.example'] })
    expect(await read(path)).toEqual({ ...before, authorization_servers: ['https://other.example'] })
    emulator.reset()
    expect(await read(path)).toEqual(before)
  })
})

describe('the MCP endpoint', () => {
  test('points those without a token to its metadata, as Telnyx does', async () => {
    const { url, issuer } = await startEmulator()
    const response = await fetch(`${url}/v2/mcp`, { method: 'POST' })
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe(
      `Bearer resource_metadata="${issuer}/.well-known/oauth-protected-resource/v2/mcp"`,
    )
  })
})

describe('a path of the newer documentation', () => {
  test.each([
    ['clients', '/v2/oauth/clients'],
    ['clients', '/v2/oauth/clients/telnyx-demo'],
    ['grants', '/v2/oauth/grants'],
    ['grants', '/v2/oauth/grants/5eeded00-0000-4000-8000-000000000001'],
  ] as const)('is served on the profile spec, logged and failed as %s: %s', async (endpoint, path) => {
    const emulator = await startEmulator({ profile: 'spec', seed: { grants: 1 } })
    const get = (at: string) =>
      fetch(`${emulator.url}${at}`, { headers: { authorization: 'Bearer KEY_EMULATOR_AVA' } })
    const response = await get(path)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual(await (await get(path.replace('oauth/', 'oauth_'))).json())
    expect(emulator.requests({ endpoint })).toHaveLength(2)
    emulator.fail(endpoint, { status: 503, path })
    expect((await get(path)).status).toBe(503)
  })
})

describe('any other path', () => {
  test.each([
    '/v2/oauth/clients',
    '/v2/oauth/grants',
    '/.well-known/openid-configuration',
    '/v2/oauth/userinfo',
    '/v2/oauth/revoke',
  ])('%s answers 404 with code 10005', async (path) => {
    const { url } = await startEmulator()
    const response = await fetch(`${url}${path}`)
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ errors: [{ code: '10005' }] })
  })
})
