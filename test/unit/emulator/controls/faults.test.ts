import type { Fault } from '@telnyx-oauth/emulator'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { refreshAtEmulator, signInToEmulator } from '../../../support/emulator-sign-in.ts'
import { startEmulator } from '../../../support/start-emulator.ts'

const ORIGIN = { origin: 'http://localhost:5173' }

afterEach(() => {
  vi.useRealTimers()
})

function balance(url: string): Promise<Response> {
  return fetch(`${url}/v2/balance`, { headers: { authorization: 'Bearer KEY_EMULATOR_AVA', ...ORIGIN } })
}

function postRefresh(url: string, token: string): Promise<Response> {
  const body = { grant_type: 'refresh_token', client_id: 'telnyx-demo', refresh_token: token }
  return fetch(`${url}/v2/oauth/token`, { method: 'POST', headers: ORIGIN, body: new URLSearchParams(body) })
}

describe('a fault', () => {
  test('before the request was processed leaves everything as it was', async () => {
    const emulator = await startEmulator()
    const { refresh_token: token = '' } = await signInToEmulator(emulator.issuer)
    emulator.fail('token', { when: 'before', status: 503 })
    await expect(refreshAtEmulator(emulator.issuer, token)).rejects.toThrow()
    await expect(refreshAtEmulator(emulator.issuer, token)).resolves.toHaveProperty('refresh_token')
  })

  test('after the request was processed loses the answer and spends the token', async () => {
    const emulator = await startEmulator()
    const { refresh_token: token = '' } = await signInToEmulator(emulator.issuer)
    emulator.fail('token', { when: 'after', drop: true })
    await expect(refreshAtEmulator(emulator.issuer, token)).rejects.toThrow('fetch failed')
    await expect(refreshAtEmulator(emulator.issuer, token)).rejects.toMatchObject({ error: 'invalid_grant' })
    expect(emulator.requests({ grant: 'refresh_token' })).toMatchObject([{ dropped: true }, { status: 400 }])
  })

  test('answers with status, headers and body, text as it is and anything else as JSON', async () => {
    const { fail, url } = await startEmulator()
    fail('balance', { status: 429, headers: { 'retry-after': '7' }, body: { errors: [] } })
    fail('balance', { status: 502, body: '<h1>Bad gateway', headers: { 'content-type': 'text/html' } })
    const limited = await balance(url)
    expect([limited.status, limited.headers.get('retry-after'), await limited.json()]).toEqual([
      429,
      '7',
      { errors: [] },
    ])
    const gateway = await balance(url)
    expect([gateway.status, gateway.headers.get('content-type'), await gateway.text()]).toEqual([
      502,
      'text/html',
      '<h1>Bad gateway',
    ])
    expect((await balance(url)).status).toBe(200)
  })

  test('happens as often as it is told to, one after the other', async () => {
    const { fail, url } = await startEmulator()
    const first = fail('balance', { status: 500, times: 2 })
    fail('balance', { status: 503 })
    const seen: number[] = []
    for (let round = 0; round < 4; round += 1) seen.push((await balance(url)).status)
    expect(seen).toEqual([500, 500, 503, 200])
    expect(first.remaining).toBe(0)
  })

  test('before or after the request was processed waits for its turn: one request meets one fault', async () => {
    const { fail, url } = await startEmulator()
    fail('balance', { when: 'after', status: 501 })
    fail('balance', { when: 'before', status: 502 })
    fail('balance', { when: 'before', delayMs: 1 })
    fail('balance', { when: 'after', status: 504 })
    const seen: number[] = []
    for (let round = 0; round < 5; round += 1) seen.push((await balance(url)).status)
    expect(seen).toEqual([501, 502, 200, 504, 200])
  })

  test('that is added while a hold keeps a request happens to that request', async () => {
    const { fail, hold, url } = await startEmulator()
    const processed = hold('balance', { when: 'before' })
    const asked = balance(url)
    await processed.arrived
    fail('balance', { when: 'after', status: 503 })
    processed.release()
    expect((await asked).status).toBe(503)
  })

  test('can be taken back', async () => {
    const { fail, url } = await startEmulator()
    fail('balance', { status: 500, times: Number.POSITIVE_INFINITY }).remove()
    expect((await balance(url)).status).toBe(200)
  })

  test('rejects the request it still waits for when it is removed, and on reset', async () => {
    const { fail, reset } = await startEmulator()
    const [removed, forgotten] = [fail('balance', { status: 500 }), fail('balance', { status: 500 })]
    removed.remove()
    await expect(removed.arrived).rejects.toThrow('the fault was removed before')
    reset()
    expect(forgotten.remaining).toBe(0)
    await expect(forgotten.arrived).rejects.toThrow('the emulator was reset before')
  })

  test('meets only the endpoint, grant and client it is meant for', async () => {
    const emulator = await startEmulator()
    emulator.fail('token', { status: 500, grant: 'refresh_token' })
    emulator.fail('token', { status: 500, clientId: 'another' })
    const { refresh_token: token = '' } = await signInToEmulator(emulator.issuer)
    await expect(refreshAtEmulator(emulator.issuer, token)).rejects.toThrow()
    await expect(refreshAtEmulator(emulator.issuer, token)).resolves.toHaveProperty('access_token')
  })

  test.each(['opaque', 'jwt'] as const)(
    'for a client meets what the client asks with its access token: %s',
    async (accessTokenFormat) => {
      const { fail, hold, issuer, url, requests } = await startEmulator({ accessTokenFormat })
      const { access_token: token } = await signInToEmulator(issuer)
      const read = () => fetch(`${url}/v2/balance`, { headers: { authorization: `Bearer ${token}` } })
      fail('balance', { status: 503, clientId: 'telnyx-demo' })
      fail('balance', { status: 500, clientId: 'another' })
      expect((await read()).status).toBe(503)
      const held = hold('balance', { clientId: 'telnyx-demo' })
      const asked = read()
      expect(await held.arrived).toMatchObject({ clientId: 'telnyx-demo' })
      held.release()
      expect((await asked).status).toBe(200)
      expect(requests({ clientId: 'telnyx-demo', endpoint: 'balance' })).toHaveLength(2)
    },
  )

  test.each(['sign-in', 'authorize-resume'] as const)(
    'for a client meets its sign-in at the endpoint %s',
    async (endpoint) => {
      const { fail, issuer } = await startEmulator()
      fail(endpoint, { status: 503, clientId: 'another' })
      await signInToEmulator(issuer)
      const fault = fail(endpoint, { status: 503, clientId: 'telnyx-demo' })
      await expect(signInToEmulator(issuer)).rejects.toThrow('503')
      expect(fault.remaining).toBe(0)
    },
  )

  test('for a client meets a sign-out that has nothing but its ID token', async () => {
    const { fail, issuer, url } = await startEmulator({ openId: true, endSession: true })
    const { id_token: hint = '' } = await signInToEmulator(issuer, { scope: 'openid billing.read' })
    fail('end-session', { status: 503, clientId: 'another' })
    fail('end-session', { status: 504, clientId: 'telnyx-demo' })
    const response = await fetch(`${url}/v2/oauth/logout?${new URLSearchParams({ id_token_hint: hint })}`)
    expect(response.status).toBe(504)
  })

  test.each(['home', 'metadata', 'resource-metadata', 'jwks', 'register'] as const)(
    'for a client is refused at the endpoint %s, whose requests name none',
    async (endpoint) => {
      const { fail, hold } = await startEmulator()
      const message = `requests to the endpoint "${endpoint}" name no client, so "clientId" never matches`
      expect(() => fail(endpoint, { status: 503, clientId: 'telnyx-demo' })).toThrow(`fail: ${message}`)
      expect(() => hold(endpoint, { clientId: 'telnyx-demo' })).toThrow(`hold: ${message}`)
    },
  )

  test.each<Fault>([{ status: 410 }, { members: { keys: [] } }, { headers: { 'x-odd': '1' } }])(
    'is no response that a browser keeps: %j',
    async (fault) => {
      const { fail, url } = await startEmulator()
      fail('jwks', fault)
      fail('jwks', { ...fault, headers: { 'Cache-Control': 'max-age=60' } })
      const read = async () => (await fetch(`${url}/v2/oauth/jwks`)).headers.get('cache-control')
      expect([await read(), await read()]).toEqual(['no-store', 'max-age=60'])
    },
  )

  test('keeps the CORS headers, unless it is to look like a gateway that sends none', async () => {
    const { fail, url } = await startEmulator()
    fail('balance', { status: 503 })
    fail('balance', { status: 503, cors: false })
    expect((await balance(url)).headers.get('access-control-allow-origin')).toBe(ORIGIN.origin)
    expect((await balance(url)).headers.get('access-control-allow-origin')).toBeNull()
  })

  test('cuts the connection in the middle of the body', async () => {
    const { fail, url } = await startEmulator()
    fail('balance', { drop: 'mid-body', status: 200, body: '{"data":{"bal' })
    const response = await balance(url)
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow('terminated')
  })

  test('cuts the response of the server in the middle if it has no body of its own', async () => {
    const { fail, url, requests } = await startEmulator()
    fail('balance', { drop: 'mid-body' })
    const headers = { authorization: 'Bearer KEY_EMULATOR_AVA' }
    const reader = (await fetch(`${url}/v2/balance`, { headers })).body?.getReader()
    const { value } = (await reader?.read()) ?? {}
    expect(new TextDecoder().decode(value)).toMatch(/^\{"data":\{"record_type":"balance"/)
    await expect(reader?.read()).rejects.toThrow('terminated')
    expect(requests({ endpoint: 'balance' })).toMatchObject([{ dropped: true }])
  })

  test.each(['/v2/oauth_clients/', '/V2/OAuth_Clients', '/v2//oauth_clients'])(
    'is not passed by another spelling of the path: %s is no endpoint',
    async (path) => {
      const { fail, url, requests } = await startEmulator()
      const fault = fail('clients', { status: 503 })
      const headers = { authorization: 'Bearer KEY_EMULATOR_AVA' }
      expect((await fetch(`${url}${path}`, { headers })).status).toBe(404)
      expect(fault.remaining).toBe(1)
      expect(requests({ endpoint: 'unknown' })).toHaveLength(1)
    },
  )

  test('that only delays lets the real answer through, and a stop ends the delay', async () => {
    const emulator = await startEmulator()
    emulator.fail('balance', { delayMs: 1 })
    expect((await balance(emulator.url)).status).toBe(200)
    const held = emulator.hold('jwks')
    emulator.fail('balance', { delayMs: 3_600_000 })
    const cut = expect(balance(emulator.url)).rejects.toThrow('fetch failed')
    const other = expect(fetch(`${emulator.url}/v2/oauth/jwks`)).rejects.toThrow('fetch failed')
    await held.arrived
    await emulator.stop()
    await Promise.all([cut, other])
    // Nobody is left waiting in the server: both requests were answered, into the void.
    expect(emulator.requests().filter(({ status }) => status === undefined)).toEqual([])
  })

  test('is forgotten on reset, and a request that it delays goes on', async () => {
    const emulator = await startEmulator()
    const fault = emulator.fail('balance', { delayMs: 3_600_000 })
    const delayed = balance(emulator.url)
    await fault.arrived
    emulator.fail('balance', { status: 500 })
    emulator.reset()
    expect((await delayed).status).toBe(200)
    expect((await balance(emulator.url)).status).toBe(200)
  })

  test.each([
    ['authorize-resume', '/v2/oauth/authorize/token'],
    ['consent', '/v2/oauth/consent/token'],
    ['sign-in', '/sign-in/token'],
  ] as const)('at %s with a path that the log tells by a hash happens: %s', async (endpoint, path) => {
    const { url, fail, requests } = await startEmulator()
    fail(endpoint, { status: 503, path })
    expect((await fetch(`${url}${path}`)).status).toBe(503)
    expect(requests({ path })).toHaveLength(1)
    expect(requests({ path: `${path}s` })).toHaveLength(0)
  })

  test('with a path happens only to requests for that path', async () => {
    const { fail, url } = await startEmulator()
    const [root, v2] = [
      '/.well-known/oauth-authorization-server',
      '/v2/.well-known/oauth-authorization-server',
    ]
    fail('metadata', { status: 404, path: v2 })
    expect((await fetch(`${url}${root}`)).status).toBe(200)
    expect((await fetch(`${url}${v2}`)).status).toBe(404)
  })
})

describe('a response that is late by minutes', () => {
  test('arrives when the clock has reached its delay; the server rotated the refresh token long before', async () => {
    const emulator = await startEmulator()
    const { refresh_token: token = '' } = await signInToEmulator(emulator.issuer)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
    const fault = emulator.fail('token', { when: 'after', delayMs: 180_000 })
    const late = refreshAtEmulator(emulator.issuer, token)
    expect(await fault.arrived).toMatchObject({ grant: 'refresh_token' })
    await vi.advanceTimersByTimeAsync(179_999)
    expect(emulator.requests({ grant: 'refresh_token', status: 200 })).toEqual([])
    await expect(refreshAtEmulator(emulator.issuer, token)).rejects.toMatchObject({ error: 'invalid_grant' })
    await vi.advanceTimersByTimeAsync(1)
    await expect(late).resolves.toHaveProperty('refresh_token')
  })
})

describe('a token response with odd members', () => {
  test('has the members that were set, null and empty ones too, beside those of the server', async () => {
    const emulator = await startEmulator()
    const { refresh_token: token = '' } = await signInToEmulator(emulator.issuer)
    emulator.fail('token', {
      members: { refresh_token: null, expires_in: '', extra: [] },
      headers: { 'x-odd': '1' },
    })
    const response = await postRefresh(emulator.url, token)
    expect([response.status, response.headers.get('x-odd')]).toEqual([200, '1'])
    expect(await response.json()).toMatchObject({
      access_token: expect.any(String),
      token_type: 'Bearer',
      refresh_token: null,
      expires_in: '',
      extra: [],
    })
  })

  test('lacks the members that were left out; the server processed the request', async () => {
    const emulator = await startEmulator()
    const { refresh_token: token = '' } = await signInToEmulator(emulator.issuer)
    emulator.fail('token', { omit: ['refresh_token', 'expires_in'], cors: false })
    const response = await postRefresh(emulator.url, token)
    expect(Object.keys((await response.json()) as object).toSorted()).toEqual([
      'access_token',
      'scope',
      'token_type',
    ])
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
    await expect(refreshAtEmulator(emulator.issuer, token)).rejects.toMatchObject({ error: 'invalid_grant' })
  })

  test('gets no ID token from the claims of a fault if the server made none', async () => {
    const emulator = await startEmulator({ openId: true })
    const { refresh_token: token = '' } = await signInToEmulator(emulator.issuer)
    const fault = emulator.fail('token', { idTokenClaims: { sub: 'another' } })
    expect(await refreshAtEmulator(emulator.issuer, token)).not.toHaveProperty('id_token')
    expect(fault.remaining).toBe(0)
  })

  test('may have another status, and be cut in the middle', async () => {
    const emulator = await startEmulator()
    const { refresh_token: token = '' } = await signInToEmulator(emulator.issuer)
    emulator.fail('token', { members: { expires_in: -1 }, status: 201, drop: 'mid-body' })
    const response = await postRefresh(emulator.url, token)
    expect(response.status).toBe(201)
    await expect(response.text()).rejects.toThrow('terminated')
  })

  test.each([
    [{ members: { a: 1 }, when: 'before' }, '"when" must be "after"'],
    [{ omit: ['scope'], body: '' }, '"body" replaces it'],
    [{ drop: 'mid-body', when: 'before' }, '"when" must be "after"'],
  ] as const)('is refused when it cannot be: %j', async (fault, reason) => {
    const { fail } = await startEmulator()
    expect(() => fail('token', fault)).toThrow(new RegExp(`^fail: .*${reason}`))
  })
})
