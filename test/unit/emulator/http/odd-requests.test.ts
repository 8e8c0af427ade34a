import { describe, expect, test } from 'vitest'
import { createStore } from '../../../../packages/emulator/src/store/store.ts'
import { createAccessTokens } from '../../../../packages/emulator/src/tokens/access-tokens.ts'
import { completeKeys } from '../../../../packages/emulator/src/tokens/keys.ts'
import { authorizeUrl } from '../../../support/emulator-sign-in.ts'
import { createNavigator } from '../../../support/navigate.ts'
import { startEmulator } from '../../../support/start-emulator.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
const AVA = { authorization: 'Bearer KEY_EMULATOR_AVA' }
const service = { clientId: 'service', name: 'Service', clientSecret: 's' }
const credentials = { client_id: 'service', client_secret: 's' }

function post(
  url: string,
  body: BodyInit,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(url, { method: 'POST', body, headers })
}

describe('parameters of the query', () => {
  test('authenticate no client and name no grant', async () => {
    const { url } = await startEmulator({ clients: [service] })
    const query = new URLSearchParams({ ...credentials, grant_type: 'client_credentials', token: 'x' })
    const token = await post(`${url}/v2/oauth/token?${query}`, '{}', JSON_TYPE)
    expect(token.status).toBe(400)
    expect((await post(`${url}/v2/oauth/introspect?${query}`, new URLSearchParams())).status).toBe(401)
  })

  test('decide nothing on the sign-in page', async () => {
    const emulator = await startEmulator()
    const navigator = createNavigator()
    const page = await navigator.follow((await authorizeUrl(emulator.issuer)).url)
    const query = new URLSearchParams({ decision: 'allow', account: emulator.accounts[0]?.id ?? '' })
    await navigator.post(`${page.url}?${query}`, {})
    expect(emulator.grants).toEqual([])
  })
})

test('a repeated token is refused', async () => {
  const { url } = await startEmulator({ clients: [service] })
  const body = new URLSearchParams([...Object.entries(credentials), ['token', 'a'], ['token', 'b']])
  const response = await post(`${url}/v2/oauth/introspect`, body)
  expect([response.status, await response.json()]).toEqual([
    400,
    { error: 'invalid_request', error_description: 'the parameter token is repeated' },
  ])
})

describe('a JSON body', () => {
  test('is read whatever the case of its content type', async () => {
    const { url } = await startEmulator({ clients: [service] })
    const body = JSON.stringify({ ...credentials, grant_type: 'client_credentials' })
    const headers = { 'content-type': 'Application/JSON; charset=utf-8' }
    expect((await post(`${url}/v2/oauth/token`, body, headers)).status).toBe(200)
  })

  test.each(['oauth/token', 'oauth/register', 'oauth/introspect', 'oauth_clients', 'oauth/grants'])(
    'that is malformed is called so: %s',
    async (path) => {
      const { url } = await startEmulator()
      const response = await post(`${url}/v2/${path}`, '{"a":', { ...JSON_TYPE, ...AVA })
      expect(response.status).toBe(400)
      expect(await response.text()).toContain('the body is not valid JSON')
    },
  )

  test.each(['constructor', '__proto__', 'toString'])('may not name a field %s', async (field) => {
    const { url } = await startEmulator()
    const response = await post(`${url}/v2/oauth/register`, `{"${field}":1}`, JSON_TYPE)
    expect(response.status).toBe(400)
    expect(await response.text()).toContain(`"${field}":["is not allowed"]`)
  })
})

test.each(['logo_uri', 'policy_uri', 'tos_uri'])('%s of a client must lead to a page', async (member) => {
  const { url } = await startEmulator()
  const client = { name: 'A', client_type: 'public', allowed_scopes: [], allowed_grant_types: [] }
  const hostile = JSON.stringify({ ...client, [member]: 'javascript:alert(1)' })
  const created = await post(`${url}/v2/oauth_clients`, hostile, { ...JSON_TYPE, ...AVA })
  expect(created.status).toBe(422)
  const registration = JSON.stringify({
    redirect_uris: ['http://localhost:5173/callback'],
    [member]: 'javascript:alert(1)',
  })
  const registered = await post(`${url}/v2/oauth/register`, registration, JSON_TYPE)
  expect([registered.status, await registered.text()]).toEqual([400, expect.stringContaining(member)])
})

test('a logo adds no directive to the policy of the page, and a hostile link is none', async () => {
  const emulator = await startEmulator()
  emulator.addClient({
    clientId: 'hostile',
    name: 'Hostile',
    redirectUris: ['http://localhost:5173/callback'],
    logoUri: "x; script-src 'unsafe-inline'",
    policyUri: 'javascript:alert(1)',
  })
  const { url } = await authorizeUrl(emulator.issuer, { clientId: 'hostile' })
  const page = await createNavigator().follow(url)
  expect(page.headers['content-security-policy']).not.toContain('script-src')
  expect(page.text).not.toContain('href="javascript:')
})

test.each([
  '.well-known/oauth-authorization-server',
  '.well-known/oauth-protected-resource',
  'v2/balance',
  'v2/oauth_clients',
  'v2/oauth/jwks',
])('HEAD has the status of GET: /%s', async (path) => {
  const { url } = await startEmulator()
  expect((await fetch(`${url}/${path}`, { method: 'HEAD', headers: AVA })).status).toBe(200)
})

test('a page size above the limit is the limit, however long the number', async () => {
  const { url } = await startEmulator()
  for (const size of ['101', '999999999', '1000000000', '9'.repeat(40)]) {
    const response = await fetch(`${url}/v2/oauth_clients?page[size]=${size}`, { headers: AVA })
    expect([size, await response.json()]).toEqual([
      size,
      expect.objectContaining({ meta: expect.objectContaining({ page_size: 100 }) }),
    ])
  }
})

test('seeded grants were used in the past', async () => {
  const { url } = await startEmulator({ seed: { grants: 8 } })
  const response = await fetch(`${url}/v2/oauth_grants`, { headers: AVA })
  const { data } = (await response.json()) as { data: { last_used_at: string | null }[] }
  const used = data.flatMap(({ last_used_at: at }) => at ?? [])
  expect(used).toHaveLength(6)
  for (const at of used) expect(Date.parse(at)).toBeLessThanOrEqual(Date.now())
})

test('JWT access tokens that have expired are swept out', async () => {
  let nowMs = 0
  const store = createStore({ refreshGracePeriodMs: 0, revokeAccessTokensWithGrant: true, now: () => nowMs })
  const tokens = createAccessTokens(store, (await completeKeys(undefined, 'ES256')).accessTokens)
  for (let count = 0; count < 2_000; count += 1) {
    nowMs += 1_000
    tokens.noteIssued('AccessToken', { jti: String(count), expiration: 1 })
  }
  expect(store.model('AccessToken').size).toBeLessThanOrEqual(256)
})
