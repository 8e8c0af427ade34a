import {
  createOAuthClient,
  createOAuthGrant,
  createTelnyxApi,
  deleteOAuthClient,
  exchangeAuthorizationCode,
  getJwks,
  getOAuthClient,
  getOAuthGrant,
  introspectToken,
  refreshAccessToken,
  registerOAuthClient,
  requestClientCredentialsToken,
  revokeOAuthGrant,
  type TelnyxApi,
  TelnyxApiError,
  TelnyxConnectionError,
  TelnyxTimeoutError,
  updateOAuthClient,
} from '@telnyx-oauth/api'
import { describe, expect, it, vi } from 'vitest'
import { createWire, type Reply } from './support/scripted-fetch.ts'
import { errorInTheEnd, inTheEnd, START_MS, useVirtualTime } from './support/virtual-time.ts'

const CLIENT = { client_id: 'abc', name: 'Billing job' }
const OK: Reply = { status: 200, body: { data: CLIENT } }
const NEW_CLIENT = {
  name: 'Billing job',
  client_type: 'confidential',
  allowed_scopes: ['billing.read'],
  allowed_grant_types: ['client_credentials'],
} as const
const APP = { client_id: 'app' }

useVirtualTime()

describe('a request', () => {
  it('carries the API key as a bearer token', async () => {
    const { fetch, requests } = createWire(OK)
    await getOAuthClient(createTelnyxApi({ apiKey: 'KEY1', fetch }), 'abc')
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer KEY1')
  })

  it('carries what getAccessToken gives', async () => {
    const { fetch, requests } = createWire(OK)
    await getOAuthClient(createTelnyxApi({ getAccessToken: async () => 'token-1', fetch }), 'abc')
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer token-1')
  })

  it('asks getAccessToken anew for every attempt', async () => {
    const { fetch, requests } = createWire({ status: 503 }, OK)
    let count = 0
    const api = createTelnyxApi({ getAccessToken: () => `token-${++count}`, fetch })
    await inTheEnd(getOAuthClient(api, 'abc'))
    expect(requests.map(({ headers }) => headers.get('authorization'))).toEqual([
      'Bearer token-1',
      'Bearer token-2',
    ])
  })

  it('hands its signal to getAccessToken', async () => {
    const { fetch } = createWire(OK)
    const { signal } = new AbortController()
    const seen: unknown[] = []
    const getAccessToken = (options?: { signal?: AbortSignal }) => {
      seen.push(options?.signal)
      return 'token'
    }
    await getOAuthClient(createTelnyxApi({ getAccessToken, fetch }), 'abc', { signal })
    expect(seen).toEqual([signal])
  })

  it('without a credential has no Authorization header', async () => {
    const { fetch, requests } = createWire({ status: 401 })
    await errorInTheEnd(getOAuthClient(createTelnyxApi({ fetch }), 'abc'))
    expect(requests[0]?.headers.has('authorization')).toBe(false)
  })

  it('asks for JSON and never follows a redirect', async () => {
    const { fetch, requests } = createWire(OK)
    await getOAuthClient(createTelnyxApi({ fetch }), 'abc')
    expect(requests[0]?.headers.get('accept')).toBe('application/json')
    expect(requests[0]?.redirect).toBe('manual')
  })

  it('that is redirected fails with the status, unsent to anywhere else', async () => {
    const { fetch, requests } = createWire({ status: 307, headers: { location: 'https://evil.example/' } })
    const error = await errorInTheEnd(getOAuthClient(createTelnyxApi({ fetch }), 'abc'))
    expect(error).toMatchObject({ name: 'TelnyxApiError', status: 307, isRetryable: false })
    expect(requests).toHaveLength(1)
  })

  it('goes to the base URL, with or without slashes at its end', async () => {
    const urls: (string | undefined)[] = []
    for (const baseUrl of [undefined, 'http://localhost:4010/v2', 'http://localhost:4010/v2//']) {
      const { fetch, requests } = createWire(OK)
      await getOAuthClient(createTelnyxApi({ baseUrl, fetch }), 'abc')
      urls.push(requests[0]?.url)
    }
    expect(urls).toEqual([
      'https://api.telnyx.com/v2/oauth_clients/abc',
      'http://localhost:4010/v2/oauth_clients/abc',
      'http://localhost:4010/v2/oauth_clients/abc',
    ])
  })

  it('uses the global fetch when none is given', async () => {
    const { fetch, requests } = createWire(OK)
    vi.stubGlobal('fetch', fetch)
    await getOAuthClient(createTelnyxApi(), 'abc')
    vi.unstubAllGlobals()
    expect(requests).toHaveLength(1)
  })
})

describe('a failure that may pass', () => {
  it.each([408, 409, 429, 500, 503])('of status %i is tried three times, then thrown', async (status) => {
    const { fetch, requests } = createWire({ status })
    const error = await errorInTheEnd(getOAuthClient(createTelnyxApi({ fetch }), 'abc'))
    expect(error).toBeInstanceOf(TelnyxApiError)
    expect(error).toMatchObject({ status, isRetryable: true })
    expect(requests).toHaveLength(3)
  })

  it.each<[string, Reply]>([
    ['before the answer', 'drop'],
    ['in the middle of the answer', 'drop-body'],
  ])('of the connection %s is tried three times, then thrown', async (_title, reply) => {
    const { fetch, requests } = createWire(reply)
    const error = await errorInTheEnd(getOAuthClient(createTelnyxApi({ fetch }), 'abc'))
    expect(error).toBeInstanceOf(TelnyxConnectionError)
    expect(error).toMatchObject({ cause: expect.any(TypeError) })
    expect(requests).toHaveLength(3)
  })

  it('is forgotten once a later attempt succeeds', async () => {
    const { fetch, requests } = createWire({ status: 503 }, 'drop', OK)
    const outcome = await inTheEnd(getOAuthClient(createTelnyxApi({ fetch }), 'abc'))
    expect(outcome).toEqual({ value: CLIENT })
    expect(requests).toHaveLength(3)
  })

  it('is tried again after half a second and a second', async () => {
    const { fetch, requests } = createWire('drop', { status: 500 }, OK)
    await inTheEnd(getOAuthClient(createTelnyxApi({ fetch }), 'abc'))
    expect(requests.map(({ atMs }) => atMs - START_MS)).toEqual([0, 500, 1_500])
  })

  it('is tried again when the server says, within 60 s', async () => {
    const { fetch, requests } = createWire(
      { status: 429, headers: { 'retry-after': '3' } },
      { status: 503, headers: { 'retry-after': '86400' } },
      OK,
    )
    await inTheEnd(getOAuthClient(createTelnyxApi({ fetch }), 'abc'))
    expect(requests.map(({ atMs }) => atMs - START_MS)).toEqual([0, 3_000, 63_000])
  })

  it.each([
    ['0', 1],
    ['5', 6],
  ])('is tried again maxRetries times: %s', async (maxRetries, count) => {
    const { fetch, requests } = createWire({ status: 503 })
    await errorInTheEnd(getOAuthClient(createTelnyxApi({ fetch, maxRetries: Number(maxRetries) }), 'abc'))
    expect(requests).toHaveLength(count)
  })

  it('is not tried for ever when maxRetries is no number', async () => {
    const { fetch, requests } = createWire({ status: 503 })
    await errorInTheEnd(getOAuthClient(createTelnyxApi({ fetch, maxRetries: Number.NaN }), 'abc'))
    expect(requests).toHaveLength(1)
  })
})

describe('a failure that will not pass', () => {
  it.each([400, 401, 403, 404, 422])('of status %i is thrown at once', async (status) => {
    const { fetch, requests } = createWire({ status })
    expect(await errorInTheEnd(getOAuthClient(createTelnyxApi({ fetch }), 'abc'))).toMatchObject({ status })
    expect(requests).toHaveLength(1)
  })

  it.each<[string, Reply]>([
    ['garbage', { status: 200, body: '{"data":{"client_id":' }],
    ['HTML', { status: 200, body: '<!doctype html><title>Sign in</title>' }],
    ['an empty body', { status: 200 }],
    ['null', { status: 200, body: 'null' }],
    ['an envelope with nothing in it', { status: 200, body: { data: null } }],
    ['no content', { status: 204 }],
  ])('such as a success with %s is a TelnyxApiError', async (_title, reply) => {
    const { fetch, requests } = createWire(reply)
    const error = await errorInTheEnd(getOAuthClient(createTelnyxApi({ fetch }), 'abc'))
    expect(error).toMatchObject({ name: 'TelnyxApiError', isRetryable: false })
    expect(requests).toHaveLength(1)
  })

  it('of getAccessToken is passed on as it is, and nothing is sent', async () => {
    const { fetch, requests } = createWire(OK)
    // Looks like one of ours, as when the app refreshes its token with this very library.
    const reason = Object.assign(new Error('signed out'), { isRetryable: true, status: 503 })
    const getAccessToken = () => Promise.reject(reason)
    expect(await errorInTheEnd(getOAuthClient(createTelnyxApi({ getAccessToken, fetch }), 'abc'))).toBe(
      reason,
    )
    expect(requests).toHaveLength(0)
  })
})

const TOKEN = { access_token: 'a', token_type: 'Bearer', expires_in: 1800 }

describe('what is never sent twice', () => {
  it.each<[string, (api: TelnyxApi) => Promise<unknown>]>([
    ['a code', (api) => exchangeAuthorizationCode(api, APP, { code: 'c' })],
    ['a refresh token', (api) => refreshAccessToken(api, APP, { refresh_token: 'r' })],
    ['client credentials', (api) => requestClientCredentialsToken(api, APP)],
    ['a registration', (api) => registerOAuthClient(api, {})],
  ])('%s, whatever the failure', async (_title, call) => {
    const replies: Reply[] = [
      { status: 408 },
      { status: 409 },
      { status: 429, headers: { 'retry-after': '1' } },
      { status: 503 },
      { status: 400, headers: { 'x-should-retry': 'true' } },
      'drop',
      'drop-body',
      'hang',
    ]
    for (const reply of replies) {
      const { fetch, requests } = createWire(reply, { status: 200, body: { ...TOKEN, client_id: 'new' } })
      await errorInTheEnd(call(createTelnyxApi({ fetch })))
      expect(requests).toHaveLength(1)
    }
  })

  it.each<[string, (api: TelnyxApi) => Promise<unknown>]>([
    ['the creation of a client', (api) => createOAuthClient(api, NEW_CLIENT)],
    ['a decision', (api) => createOAuthGrant(api, { consent_token: 't', allowed: true })],
  ])('%s, after a network error or a 5xx', async (_title, call) => {
    const replies: Reply[] = [
      'drop',
      'drop-body',
      'hang',
      { status: 500 },
      { status: 503 },
      { status: 500, headers: { 'x-should-retry': 'true' } },
    ]
    for (const reply of replies) {
      const { fetch, requests } = createWire(reply, OK)
      await errorInTheEnd(call(createTelnyxApi({ fetch })))
      expect(requests).toHaveLength(1)
    }
  })
})

describe('what is sent again', () => {
  it.each<[string, (api: TelnyxApi) => Promise<unknown>]>([
    ['the creation of a client', (api) => createOAuthClient(api, NEW_CLIENT)],
    ['a decision', (api) => createOAuthGrant(api, { consent_token: 't', allowed: true })],
  ])('%s, after a refusal', async (_title, call) => {
    for (const status of [408, 409, 429]) {
      const { fetch, requests } = createWire({ status })
      await errorInTheEnd(call(createTelnyxApi({ fetch })))
      expect(requests).toHaveLength(3)
      expect(new Set(requests.map(({ body }) => body)).size).toBe(1)
    }
  })

  it.each<[string, (api: TelnyxApi) => Promise<unknown>]>([
    ['an update', (api) => updateOAuthClient(api, 'abc', { name: 'b' })],
    ['a deletion', (api) => deleteOAuthClient(api, 'abc')],
    ['a revocation', (api) => revokeOAuthGrant(api, 'abc')],
    ['an introspection', (api) => introspectToken(api, { client_id: 'a', client_secret: 's' }, 't')],
    ['a public request', (api) => getJwks(api)],
    ['a read', (api) => getOAuthGrant(api, 'abc')],
  ])('%s, after any failure that may pass', async (_title, call) => {
    for (const reply of ['drop', { status: 503 }] as const) {
      const { fetch, requests } = createWire(reply)
      await errorInTheEnd(call(createTelnyxApi({ fetch })))
      expect(requests).toHaveLength(3)
    }
  })
})

describe('time', () => {
  it.each(['hang', 'hang-body'] as const)('runs out after a minute: %s', async (reply) => {
    const { fetch, requests } = createWire(reply)
    const error = await errorInTheEnd(getOAuthClient(createTelnyxApi({ fetch, maxRetries: 0 }), 'abc'))
    expect(error).toBeInstanceOf(TelnyxTimeoutError)
    expect(error).toMatchObject({ message: 'No answer within 60000 ms' })
    expect(Date.now() - START_MS).toBe(60_000)
    expect(requests).toHaveLength(1)
  })

  it('is timeoutMs for each attempt', async () => {
    const { fetch, requests } = createWire('hang', 'hang', OK)
    const outcome = await inTheEnd(getOAuthClient(createTelnyxApi({ fetch, timeoutMs: 200 }), 'abc'))
    expect(outcome).toEqual({ value: CLIENT })
    expect(requests.map(({ atMs }) => atMs - START_MS)).toEqual([0, 700, 1_900])
  })

  it('leaves no timer behind', async () => {
    const { fetch } = createWire({ status: 503 }, OK)
    await inTheEnd(getOAuthClient(createTelnyxApi({ fetch }), 'abc'))
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a signal', () => {
  it('that was aborted before lets nothing be sent or asked for', async () => {
    const { fetch, requests } = createWire(OK)
    let count = 0
    const getAccessToken = () => `token-${++count}`
    const call = getOAuthClient(createTelnyxApi({ getAccessToken, fetch }), 'abc', {
      signal: AbortSignal.abort(),
    })
    expect(await errorInTheEnd(call)).toMatchObject({ name: 'AbortError' })
    expect([requests.length, count]).toEqual([0, 0])
  })

  it('stops a request that is out, and the error stays an AbortError', async () => {
    const { fetch, requests } = createWire('hang')
    const controller = new AbortController()
    const call = getOAuthClient(createTelnyxApi({ fetch }), 'abc', controller).catch(
      (error: unknown) => error,
    )
    await vi.advanceTimersByTimeAsync(1_000)
    controller.abort()
    expect(await call).toBe(controller.signal.reason)
    expect(await call).toMatchObject({ name: 'AbortError' })
    expect(requests).toHaveLength(1)
  })

  it('ends the wait for the next attempt at once', async () => {
    const { fetch, requests } = createWire({ status: 429, headers: { 'retry-after': '50' } })
    const controller = new AbortController()
    const call = getOAuthClient(createTelnyxApi({ fetch }), 'abc', controller).catch(
      (error: unknown) => error,
    )
    await vi.advanceTimersByTimeAsync(1_000)
    controller.abort()
    expect(await call).toBe(controller.signal.reason)
    expect(Date.now() - START_MS).toBe(1_000)
    expect(requests).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('that is aborted while the token is fetched lets nothing be sent', async () => {
    const { fetch, requests } = createWire(OK)
    const controller = new AbortController()
    const getAccessToken = async () => {
      controller.abort()
      return 'token'
    }
    const call = getOAuthClient(createTelnyxApi({ getAccessToken, fetch }), 'abc', controller)
    expect(await errorInTheEnd(call)).toBe(controller.signal.reason)
    expect(requests).toHaveLength(0)
  })

  it('rejects with the reason it was given, whatever that is', async () => {
    const { fetch, requests } = createWire('hang')
    const controller = new AbortController()
    const call = getOAuthClient(createTelnyxApi({ fetch }), 'abc', controller).catch(
      (error: unknown) => error,
    )
    await vi.advanceTimersByTimeAsync(1_000)
    const reason = Object.assign(new Error('left the page'), { isRetryable: true })
    controller.abort(reason)
    expect(await call).toBe(reason)
    expect(requests).toHaveLength(1)
  })

  it('that outlives many calls keeps no listener of theirs', async () => {
    const { fetch } = createWire({ status: 503 }, OK)
    const { signal } = new AbortController()
    const listeners = new Set<unknown>()
    const add = signal.addEventListener.bind(signal)
    signal.addEventListener = (type: string, listener: never, options: AddEventListenerOptions) => {
      listeners.add(listener)
      options.signal?.addEventListener('abort', () => listeners.delete(listener))
      add(type as 'abort', listener, options)
    }
    const api = createTelnyxApi({ fetch })
    await inTheEnd(getOAuthClient(api, 'abc', { signal }))
    await inTheEnd(getOAuthClient(api, 'abc', { signal }))
    expect(listeners.size).toBe(0)
  })
})
