import { createEmulator, type Emulator, type EndpointName, type Fault } from '@telnyx-oauth/emulator'
import { expect, test } from 'vitest'
import { ENDPOINT_NAMES, matchPath } from '../../packages/emulator/src/endpoints.ts'
import { OPTION_NAMES } from '../../packages/emulator/src/options/option-rules.ts'
import { fc } from '../support/fast-check.ts'
import { isLong } from '../support/is-long.ts'
import { startEmulator } from '../support/start-emulator.ts'

// Five properties: a thousand cases in all, ten thousand in the long run.
const numRuns = isLong ? 2_000 : 200
const timeout = isLong ? 600_000 : 60_000

/** A path of each endpoint; the controls take no faults. */
const PATHS: Readonly<Partial<Record<EndpointName, string>>> = {
  home: '/',
  metadata: '/.well-known/oauth-authorization-server',
  'resource-metadata': '/.well-known/oauth-protected-resource/v2/mcp',
  authorize: '/v2/oauth/authorize',
  'authorize-resume': '/v2/oauth/authorize/x',
  'sign-in': '/sign-in/x',
  token: '/v2/oauth/token',
  jwks: '/v2/oauth/jwks',
  introspect: '/v2/oauth/introspect',
  register: '/v2/oauth/register',
  revoke: '/v2/oauth/revoke',
  par: '/v2/oauth/par',
  'end-session': '/v2/oauth/logout',
  consent: '/v2/oauth/consent/x',
  clients: '/v2/oauth_clients',
  grants: '/v2/oauth_grants',
  balance: '/v2/balance',
  'phone-numbers': '/v2/phone_numbers',
  'telephony-credentials': '/v2/telephony_credentials',
  mcp: '/v2/mcp',
  unknown: '/nothing',
}

const GRANTS = ['authorization_code', 'refresh_token', 'client_credentials'] as const
const WRONG_NAMES = ['sttus', 'endpont', 'redirectURIs', '__proto__', 'constructor', 'toString', '']

/** Mostly what a member may be, now and then anything. */
const mostly = (...good: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...good) }, { weight: 1, arbitrary: fc.jsonValue() })

/** Some of these members, and now and then a wrong one. */
function body(members: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<object> {
  const wrong = fc.dictionary(fc.constantFrom(...WRONG_NAMES), fc.jsonValue(), { minKeys: 1, maxKeys: 2 })
  const right = fc.record(members, { requiredKeys: [] })
  // By entries, so that __proto__ becomes a member as in JSON.
  const merged = fc
    .tuple(right, wrong)
    .map((parts) => Object.fromEntries(parts.flatMap((part) => Object.entries(part))))
  return fc.oneof({ weight: 5, arbitrary: right }, { weight: 1, arbitrary: merged })
}

const faults = body({
  when: mostly('before', 'after'),
  status: mostly(200, 204, 302, 400, 401, 429, 503, 599),
  headers: mostly({ 'retry-after': '1' }, { 'content-type': 'text/html' }),
  body: fc.jsonValue(),
  members: mostly({ expires_in: null }, {}),
  omit: mostly(['scope'], []),
  delayMs: mostly(0, 1, 60_000, 2 ** 31 - 1),
  drop: mostly(true, false, 'mid-body'),
  cors: mostly(true, false),
  times: mostly(1, 3, Number.POSITIVE_INFINITY),
  grant: fc.oneof(
    { weight: 1, arbitrary: mostly(...GRANTS) },
    { weight: 3, arbitrary: fc.constant(undefined) },
  ),
  clientId: mostly('telnyx-demo', 'another'),
  path: fc.oneof(
    { weight: 1, arbitrary: mostly(...Object.values(PATHS), '/v2/oauth/grants') },
    { weight: 3, arbitrary: fc.constant(undefined) },
  ),
})
const endpoints = mostly(...ENDPOINT_NAMES)

/** What a refusal says must name a member that was given or is missing, or what the input as a whole lacks. */
function expectNamed(message: string, input: object): void {
  const whole =
    /the (options|body|fault)|give "acrValues"|content type|not valid JSON|the value must be an object/
  const names = [...Object.keys(input), 'endpoint', 'times', 'members', 'grantId']
  const given = names.map((name) => JSON.stringify(name || '(empty name)').slice(0, -1))
  const isNamed = given.some((name) => message.includes(name)) || /"[^"]+" is required/.test(message)
  if (!isNamed) expect(message).toMatch(whole)
}

/** @returns the result, or `undefined` for a refusal that says why */
function attempt<T>(input: object, call: () => T): T | undefined {
  try {
    return call()
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError)
    expectNamed((error as TypeError).message, input)
    return undefined
  }
}

test('options are taken, or refused by a TypeError that names the member', { timeout }, () => {
  const values = mostly(true, false, 0, 1, 60, 'live', 'jwt', 'v2', 401, 'http://localhost:4010', [], {}, [
    'a',
  ])
  const options = body(Object.fromEntries(OPTION_NAMES.map((name) => [name, values])))
  fc.assert(
    fc.property(options, (given) => {
      attempt(given, () => createEmulator(given))
    }),
    { numRuns },
  )
})

test('a fault is refused by a TypeError that names the member, or happens', { timeout }, async () => {
  const emulator = await startEmulator({ rateLimits: false })
  await fc.assert(
    fc.asyncProperty(endpoints, faults, async (endpoint, given) => {
      const fault = given as Fault
      const queued = attempt(given, () => emulator.fail(endpoint as EndpointName, fault))
      if (queued === undefined) return
      const response = request(emulator, endpoint as EndpointName, fault)
      await queued.arrived
      // Ends the delay, be it of weeks, and forgets the fault.
      emulator.reset()
      const status = await response
      if (fault.drop === true) expect(status).toBe('dropped')
      else if (fault.drop !== 'mid-body' && fault.status !== undefined) expect(status).toBe(fault.status)
    }),
    { numRuns },
  )
})

test('a hold is refused by a TypeError that names the member, or catches a request', {
  timeout,
}, async () => {
  const emulator = await startEmulator({ rateLimits: false })
  await fc.assert(
    fc.asyncProperty(endpoints, faults, async (endpoint, { when, times, grant, clientId, path }: Fault) => {
      const given = { when, times, grant, clientId, path } as Fault
      const hold = attempt(given, () => emulator.hold(endpoint as EndpointName, given))
      if (hold === undefined) return
      const response = request(emulator, endpoint as EndpointName, given)
      await hold.arrived
      hold.release()
      expect(await response).not.toBe('dropped')
      emulator.reset()
    }),
    { numRuns },
  )
})

const client = {
  clientId: mostly('mine'),
  name: mostly('Mine'),
  clientSecret: mostly('s'),
  redirectUris: mostly(['http://localhost:3000/cb'], ['/cb']),
  scopes: mostly(['billing.read'], []),
  grantTypes: mostly([...GRANTS], []),
}
const CONTROLS: Readonly<Record<string, fc.Arbitrary<object>>> = {
  fail: body({ endpoint: endpoints, status: mostly(503), times: mostly(1) }),
  hold: body({ endpoint: endpoints, when: mostly('before'), times: mostly(1) }),
  'step-up': body({ endpoint: endpoints, acrValues: mostly(['mfa']), maxAgeSeconds: mostly(0) }),
  metadata: body({ endpoint: mostly('metadata'), members: mostly({ issuer: null }) }),
  clients: body(client),
  seed: body({ clients: mostly(0, 3, -1, 1e9, 1.5), grants: mostly(0, 3) }),
  expire: body({ clientId: mostly('telnyx-demo'), grantId: mostly('x') }),
  revoke: body({ grantId: mostly('x') }),
  nothing: body({}),
}

test('a control over HTTP is obeyed, or refused by a 4xx that names the member', { timeout }, async () => {
  const emulator = await startEmulator({ rateLimits: false })
  const cases = fc
    .constantFrom(...Object.keys(CONTROLS))
    .chain((name) =>
      fc.tuple(fc.constant(name), fc.oneof(CONTROLS[name] ?? fc.object(), fc.jsonValue(), fc.string())),
    )
  await fc.assert(
    fc.asyncProperty(cases, mostly('application/json', 'text/plain'), async ([name, input], type) => {
      const headers = { 'content-type': type === 'text/plain' ? type : 'application/json' }
      // A text is sent as it is: mostly no JSON.
      const text = typeof input === 'string' ? input : JSON.stringify(input)
      const response = await fetch(`${emulator.url}/__emulator/${name}`, {
        method: 'POST',
        headers,
        body: text,
      })
      const { error = '' } = (await response.json()) as { error?: string }
      emulator.reset()
      if (name === 'nothing')
        expect([response.status, error]).toEqual([404, expect.stringContaining('there are')])
      else if (response.status === 400) expectNamed(error, Object(input))
      else expect(response.status).toBe(200)
    }),
    { numRuns },
  )
})

const registration = body({
  redirect_uris: mostly(['http://localhost:3000/cb'], ['com.example.app:/cb'], ['cb'], []),
  client_name: mostly('Mine'),
  grant_types: mostly([...GRANTS], ['authorization_code'], []),
  response_types: mostly(['code'], []),
  scope: mostly('billing.read', 'billing.read voice.read', '', 'nonsense'),
  token_endpoint_auth_method: mostly('none', 'client_secret_basic', 'client_secret_post'),
  logo_uri: mostly('https://app.example/logo.svg', 'javascript:alert(1)'),
})
const creation = body({
  name: mostly('Mine'),
  client_type: mostly('public', 'confidential'),
  allowed_scopes: mostly(['billing.read'], [], ['nonsense']),
  allowed_grant_types: mostly([...GRANTS], ['client_credentials'], []),
  redirect_uris: mostly(['http://localhost:3000/cb'], ['cb'], []),
  require_pkce: mostly(true, false),
})

test('a registration is taken, or refused by a 4xx that names the field', { timeout }, async () => {
  const { url } = await startEmulator({ rateLimits: false })
  const headers = { 'content-type': 'application/json', authorization: 'Bearer KEY_EMULATOR_AVA' }
  const cases = fc.oneof(
    fc.tuple(fc.constant('oauth/register'), fc.oneof({ weight: 5, arbitrary: registration }, fc.jsonValue())),
    fc.tuple(fc.constant('oauth_clients'), fc.oneof({ weight: 5, arbitrary: creation }, fc.jsonValue())),
  )
  await fc.assert(
    fc.asyncProperty(cases, async ([path, input]) => {
      const response = await fetch(`${url}/v2/${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(input),
      })
      if (response.status === 201) {
        const { client_id, data = { client_id } } = (await response.json()) as {
          client_id?: string
          data?: object
        }
        expect(data).toMatchObject({ client_id: expect.any(String) })
        return
      }
      expect([400, 422]).toContain(response.status)
      const refusal = await response.text()
      const required = ['name', 'client_type', 'allowed_scopes', 'allowed_grant_types', 'redirect_uris']
      const names = [...Object.keys(Object(input)), ...required, 'body', 'JSON']
      const told = names.filter((name) => refusal.includes(JSON.stringify(name).slice(1, -1)))
      expect(told).not.toEqual([])
    }),
    { numRuns },
  )
})

/** Sends a request that a fault or hold is meant for. @returns the status, or that the connection was cut */
async function request(
  emulator: Emulator,
  endpoint: EndpointName,
  filter: Fault,
): Promise<number | 'dropped'> {
  const { path = PATHS[endpoint] ?? '/', grant, clientId } = filter
  // GET where a path belongs to the endpoint by this method only.
  const method = endpoint === 'token' || matchPath(path, 'GET').endpoint !== endpoint ? 'POST' : 'GET'
  const url = new URL(path, emulator.url)
  if (clientId !== undefined) url.searchParams.set('client_id', clientId)
  const form = method === 'POST' ? { body: new URLSearchParams({ grant_type: grant ?? GRANTS[0] }) } : {}
  try {
    const response = await fetch(url, { method, redirect: 'manual', ...form })
    await response.text()
    return response.status
  } catch {
    return 'dropped'
  }
}
