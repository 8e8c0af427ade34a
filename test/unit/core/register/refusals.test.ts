import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { isTelnyxAuthError } from '../../../../packages/core/src/errors.ts'
import { developerHint } from '../../../../packages/core/src/messages.ts'
import { fc } from '../../../support/fast-check.ts'
import { json, registerPath, type Script } from '../../../support/model-server.ts'
import {
  createRegisteringBrowser,
  createRegistrar,
  key,
  redirectUri,
  rejection,
} from '../../../support/registering-browser.ts'

const good = { client_id: 'abc', redirect_uris: [redirectUri], token_endpoint_auth_method: 'none' }
const secret = 'SENTINEL-secret-0123456789'
const withSecret = { ...good, client_secret: secret, client_secret_expires_at: 0 }
const broken = '{"client_id": "abc", "client_secret": "SENTINEL'
const html = '<h1>SENTINEL</h1>'
const headers = { 'content-type': 'application/json' }

const unusable: readonly (readonly [string, object])[] = [
  ['client_secret', withSecret],
  ['client_secret', { ...withSecret, token_endpoint_auth_method: 'client_secret_basic' }],
  ['client_secret', { ...good, client_secret: secret }],
  ['client_secret', { ...good, client_secret: { nested: secret } }],
  ['client_secret', { ...good, client_secret: '' }],
  ['token_endpoint_auth_method', { ...good, token_endpoint_auth_method: 'client_secret_post' }],
  ['token_endpoint_auth_method', { ...good, token_endpoint_auth_method: null }],
  ['redirect_uris', { ...good, redirect_uris: ['https://evil.example/callback'] }],
  ['redirect_uris', { ...good, redirect_uris: [] }],
  ['grant_types', { ...good, grant_types: ['client_credentials'] }],
  ['response_types', { ...good, response_types: ['token'] }],
  ['client_id', { ...good, client_id: 'a\nb' }],
  ['client_id', { ...good, client_id: 'ä' }],
]

interface Refused {
  readonly error: unknown
  readonly records: ReadonlyMap<string, unknown>
  readonly registrations: number
}

/** The result of a registration with these responses. */
async function refused(...scripts: Script[]): Promise<Refused> {
  const registrar = createRegistrar()
  const { open, records, clock } = createRegisteringBrowser(registrar.fetch)
  registrar.script(registerPath, ...scripts)
  const error = rejection(open().register())
  await clock.advance(30_000)
  return { error: await error, records, registrations: registrar.registrations().length }
}

const clientOf = ({ records }: Refused): unknown =>
  (records.get(key) as { clients?: readonly unknown[] } | undefined)?.clients?.[0]

describe('a response that is no public client of this app', () => {
  test.each(unusable)('is refused for its %s: %o', async (member, answer) => {
    const result = await refused(() => json(answer, 201))
    expect(result.error).toMatchObject({
      code: 'registration_unusable',
      phase: 'registration',
      retryable: false,
    })
    expect(String(result.error)).toContain(`: ${member}`)
    expect(clientOf(result)).toBeUndefined()
    expect(result.registrations).toBe(1)
  })

  test.each([
    ['as it should not', () => json(withSecret, 201)],
    ['in an error', () => json({ ...withSecret, error: 'invalid_client_metadata' }, 400)],
    ['in broken JSON', () => new Response(broken, { status: 201, headers })],
    ['in HTML', () => new Response(html, { status: 500 })],
    [
      'with a registration access token',
      () => json({ ...good, client_id: 7, registration_access_token: secret }, 201),
    ],
  ] as const)('no error and no record contains a secret that came %s', async (_title, script) => {
    const { error, records } = await refused(script)
    const spelt = `${JSON.stringify(error)} ${inspect(error, { depth: null, showHidden: true })}`
    expect(isTelnyxAuthError(error)).toBe(true)
    expect(spelt).not.toContain('SENTINEL')
    expect(JSON.stringify([...records])).not.toContain('SENTINEL')
  })

  test('a registration access token is not stored either', async () => {
    const result = await refused(() => json({ ...good, registration_access_token: secret }, 201))
    expect(result.error).toBeUndefined()
    expect(clientOf(result)).toMatchObject({ clientId: 'abc' })
    expect(JSON.stringify([...result.records])).not.toContain('SENTINEL')
  })
})

describe('a server that refuses the registration', () => {
  test.each([
    [
      'with the fields at fault',
      400,
      {
        error: 'invalid_client_metadata',
        error_description: 'not valid: scope',
        invalid_fields: { scope: ['unknown'], redirect_uris: ['loopback'] },
      },
      'registration_refused: scope, redirect_uris',
      { status: 400, error: 'invalid_client_metadata', description: 'not valid: scope' },
    ],
    [
      'with an error code',
      400,
      { error: 'invalid_redirect_uri' },
      'registration_refused',
      { status: 400, error: 'invalid_redirect_uri' },
    ],
    ['without an error code', 400, {}, 'registration_refused', { status: 400 }],
    [
      'with fields that are no member names',
      400,
      { error: 'x', invalid_fields: { '<b>': 1, ok: 1 } },
      'registration_refused: ok',
      { status: 400 },
    ],
    ['this app with 401', 401, { error: 'invalid_token' }, 'registration_refused', { status: 401 }],
    ['this origin with 403', 403, { errors: [{ code: '10010' }] }, 'registration_refused', { status: 403 }],
  ])('%s is quoted in the error after one request', async (_title, status, body, message, server) => {
    const result = await refused(() => json(body, status))
    expect(result.error).toMatchObject({
      code: 'registration_refused',
      phase: 'registration',
      retryable: false,
      server,
    })
    expect(String(result.error)).toMatch(new RegExp(`${message}$`))
    expect(result.registrations).toBe(1)
    expect(clientOf(result)).toBeUndefined()
  })

  test.each([
    ['redirects', () => new Response(null, { status: 307, headers: { location: '/x' } }), 'response_invalid'],
    ['responds with HTML', () => new Response(html, { status: 201 }), 'response_invalid'],
    [
      'responds with half of the JSON',
      () => new Response(broken, { status: 201, headers }),
      'response_invalid',
    ],
    ['responds with a list', () => json([], 201), 'response_invalid'],
    ['responds with null', () => json(null, 201), 'response_invalid'],
    ['names no client', () => json({ ...good, client_id: undefined }, 201), 'response_invalid'],
    ['is down', () => json({}, 503), 'server_unavailable'],
    ['is too busy', () => json({ errors: [] }, 429), 'server_unavailable'],
    ['cannot be reached', () => Promise.reject(new TypeError('Failed to fetch')), 'network_error'],
    ['never responds', () => new Promise<never>(() => {}), 'server_unavailable'],
  ] as const)('or %s receives one request, and the error is retryable', async (_title, script, code) => {
    const result = await refused(script)
    expect(result.error).toMatchObject({ code, phase: 'registration', retryable: true })
    expect(result.registrations).toBe(1)
    expect(clientOf(result)).toBeUndefined()
  })

  test.each([
    ['HTML', () => new Response(html, { status: 200 })],
    ['half of the JSON', () => new Response(broken, { status: 200, headers })],
  ] as const)('or responds with 200 and %s: the error has the status 200', async (_title, script) => {
    const { error } = await refused(script)
    expect(error).toMatchObject({ code: 'response_invalid', server: { status: 200 } })
  })

  test('never responds: the request is aborted after timeoutMs, and the next page load may register', async () => {
    const registrar = createRegistrar()
    const { open, clock } = createRegisteringBrowser(registrar.fetch)
    registrar.script(registerPath, () => new Promise<never>(() => {}))
    const error = rejection(open().register())
    await clock.advance(9000)
    expect(registrar.requests.at(-1)?.signal?.aborted).toBe(false)
    await clock.advance(1000)
    expect(await error).toMatchObject({ code: 'server_unavailable' })
    expect(registrar.requests.at(-1)?.signal?.aborted).toBe(true)
    await clock.advance(1000)
    expect((await open().register()).clientId).toBe('client-2')
  })
})

describe('a rate limit', () => {
  test('429 with Retry-After: the error has the time, and no tab sends a request before it has passed', async () => {
    const registrar = createRegistrar()
    const { open, clock } = createRegisteringBrowser(registrar.fetch)
    registrar.script(registerPath, () => json({}, 429, { 'retry-after': '120' }))
    expect(await rejection(open().register())).toMatchObject({
      code: 'server_unavailable',
      retryable: true,
      retryAfterMs: 120_000,
      server: { status: 429 },
    })
    await clock.advance(60_000)
    expect(await rejection(open().register())).toMatchObject({
      code: 'server_unavailable',
      phase: 'registration',
      retryAfterMs: 60_000,
    })
    expect(registrar.registrations()).toHaveLength(1)
    await clock.advance(60_000)
    expect((await open().register()).clientId).toBe('client-2')
  })

  test('429 with Retry-After of an hour: tabs wait for ten minutes, because the clock may be set back', async () => {
    const registrar = createRegistrar()
    const { open, clock } = createRegisteringBrowser(registrar.fetch)
    registrar.script(registerPath, () => json({}, 429, { 'retry-after': '3600' }))
    expect(await rejection(open().register())).toMatchObject({ retryAfterMs: 600_000 })
    expect(await rejection(open().register())).toMatchObject({ retryAfterMs: 600_000 })
    await clock.advance(600_000)
    expect((await open().register()).clientId).toBe('client-2')
  })
})

test('a server that is down, ten page loads a second for two minutes: at least a second between requests, doubling to a minute', async () => {
  const registrar = createRegistrar()
  const { open, clock } = createRegisteringBrowser(registrar.fetch)
  const sentAtMs: number[] = []
  const down = () => {
    sentAtMs.push(clock.elapsedMs())
    return json({}, 503, { 'retry-after': '0' })
  }
  registrar.script(registerPath, ...Array(1200).fill(down))
  for (let load = 0; load < 1200; load++) {
    expect(await rejection(open().register())).toMatchObject({ code: 'server_unavailable' })
    await clock.advance(100)
  }
  const intervalsMs = sentAtMs.slice(1).map((atMs, index) => atMs - (sentAtMs[index] ?? 0))
  expect(intervalsMs).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000])
})

describe('a registration in the form of other servers', () => {
  test('status 200 instead of 201: the client is used', async () => {
    const result = await refused(() => json(good, 200))
    expect(result.error).toBeUndefined()
    expect(clientOf(result)).toMatchObject({ clientId: 'abc' })
  })

  test("applicationType 'native': the request says so, and without the option it says nothing", async () => {
    const registrar = createRegistrar()
    const { open } = createRegisteringBrowser(registrar.fetch)
    await open().register({ applicationType: 'native' })
    await open().register({ redirectUri: '/other' })
    const [native, plain] = registrar.registrations()
    expect(native).toHaveProperty('application_type', 'native')
    expect(plain).not.toHaveProperty('application_type')
  })

  test('an endpoint on another origin without CORS: the hint names the endpoint, CORS and the way out', async () => {
    const registrar = createRegistrar({ metadata: { registration_endpoint: 'https://register.example/x' } })
    const { open } = createRegisteringBrowser((input, init) =>
      String(input).startsWith('https://register.example')
        ? Promise.reject(new TypeError('Failed to fetch'))
        : registrar.fetch(input, init),
    )
    const error = await rejection(open().register())
    expect(error).toMatchObject({ code: 'network_error', phase: 'registration' })
    expect(developerHint(error)).toMatch(
      /^The registration got no readable response from https:\/\/register\.example\. .*CORS.*clientId\.$/,
    )
  })

  test.each([
    [
      'that is not JSON',
      () => new Response(html, { status: 201 }),
      /registration response is not valid JSON/,
    ],
    ['that is a refusal', () => json({}, 400), /refused the registration.*applicationType: 'native'/],
    ['with a secret', () => json(withSecret, 201), /registered client is not a public client/],
  ] as const)('a response %s: the hint is about the registration', async (_title, script, text) => {
    const { error } = await refused(script)
    expect(developerHint(error)).toMatch(text)
    expect(developerHint(error)).not.toContain('token response')
  })
})

describe('metadata', () => {
  test.each([
    ['of another issuer', { issuer: 'https://evil.example' }, 'metadata_invalid'],
    ['without a registration endpoint', { registration_endpoint: undefined }, 'registration_endpoint'],
    [
      'with a registration endpoint over plain http',
      { registration_endpoint: 'http://api.telnyx.com/register' },
      'registration_endpoint',
    ],
    [
      'whose registration endpoint is no URL',
      { registration_endpoint: '/register' },
      'registration_endpoint',
    ],
    [
      'with a token endpoint over plain http',
      { token_endpoint: 'http://api.telnyx.com/token' },
      'token_endpoint',
    ],
  ])('%s are refused on each page load, and nothing is sent', async (_title, metadata, member) => {
    const registrar = createRegistrar({ metadata })
    const { open } = createRegisteringBrowser(registrar.fetch)
    for (const error of [await rejection(open().register()), await rejection(open().register())]) {
      expect(error).toMatchObject({ code: 'metadata_invalid' })
      expect(String(error)).toContain(member)
    }
    expect(registrar.registrations()).toEqual([])
  })

  test('that cannot be read: no client is stored, and the next page load may ask at once', async () => {
    const fetch = () => Promise.reject(new TypeError('Failed to fetch'))
    const { open, records } = createRegisteringBrowser(fetch)
    expect(await rejection(open().register())).toMatchObject({
      code: 'metadata_unavailable',
      retryable: true,
    })
    expect(records.get(key)).toMatchObject({ clients: [] })
    expect(records.get(key)).not.toHaveProperty('failures')
  })
})

test('any response gives a public client with this redirect URI, or an error with a code', async () => {
  const member = fc.oneof(
    fc.constantFrom('none', 'client_secret_basic', redirectUri, 'code', null),
    fc.jsonValue(),
  )
  const answers = fc.record(
    {
      client_id: fc.oneof(fc.string(), fc.jsonValue()),
      client_secret: fc.jsonValue(),
      scope: member,
      redirect_uris: fc.oneof(fc.array(member), member),
      token_endpoint_auth_method: member,
      grant_types: fc.array(member),
      response_types: fc.array(member),
      invalid_fields: fc.jsonValue(),
      error: member,
    },
    { requiredKeys: [] },
  )
  await fc.assert(
    fc.asyncProperty(answers, fc.constantFrom(200, 201, 400, 401, 429, 500), async (answer, status) => {
      const registrar = createRegistrar()
      const { open, records } = createRegisteringBrowser(registrar.fetch)
      registrar.script(registerPath, () => json(answer, status))
      const outcome: unknown = await open()
        .register()
        .catch((error: unknown) => error)
      if (isTelnyxAuthError(outcome)) return
      expect(outcome).toMatchObject({ clientId: answer.client_id, redirectUri })
      expect([200, 201]).toContain(status)
      expect(answer.client_secret ?? undefined).toBeUndefined()
      expect(['none', undefined]).toContain(answer.token_endpoint_auth_method)
      if (Array.isArray(answer.redirect_uris)) expect(answer.redirect_uris).toContain(redirectUri)
      expect(records.get(key)).toMatchObject({ clients: [{ clientId: answer.client_id }] })
    }),
    { numRuns: 150 },
  )
})
