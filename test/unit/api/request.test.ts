import {
  createTelnyxApi,
  deleteOAuthClient,
  getAuthorizationServerMetadata,
  getOAuthClient,
  getProtectedResourceMetadata,
  TelnyxApiError,
  TelnyxConnectionError,
} from '@telnyx-oauth/api'
import { describe, expect, it, vi } from 'vitest'
import { createWire, type Reply } from './support/scripted-fetch.ts'
import { errorInTheEnd, inTheEnd, START_MS, useVirtualTime } from './support/virtual-time.ts'

const CLIENT = { client_id: 'abc', name: 'Billing job' }
const OK: Reply = { status: 200, body: { data: CLIENT } }
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

  it('hands getAccessToken a signal that is aborted with its own, for the same reason', async () => {
    const { fetch } = createWire(OK)
    const controller = new AbortController()
    const reasons: unknown[] = []
    const getAccessToken = (options?: { signal?: AbortSignal }) => {
      controller.abort('the page was left')
      reasons.push(options?.signal?.reason)
      return 'token'
    }
    await errorInTheEnd(getOAuthClient(createTelnyxApi({ getAccessToken, fetch }), 'abc', controller))
    expect(reasons).toEqual(['the page was left'])
  })

  it('is sent by the global fetch of that time, which a test may have replaced since', async () => {
    const api = createTelnyxApi({ apiKey: 'KEY1' })
    const { fetch, requests } = createWire(OK)
    vi.stubGlobal('fetch', fetch)
    await getOAuthClient(api, 'abc').finally(() => vi.unstubAllGlobals())
    expect(requests).toHaveLength(1)
  })

  it.each(['', '{}'])('for a deletion succeeds with the body %j', async (body) => {
    const { fetch } = createWire({ status: 200, body })
    expect(await deleteOAuthClient(createTelnyxApi({ fetch }), 'abc')).toBeUndefined()
  })

  it('for a deletion fails where a portal in between shows its page', async () => {
    const { fetch } = createWire({ status: 200, body: '<p>Please wait' })
    const error = await errorInTheEnd(deleteOAuthClient(createTelnyxApi({ fetch }), 'abc'))
    expect(error).toMatchObject({ name: 'TelnyxApiError', status: 200 })
  })

  it('for a well-known document has the path before /v2 behind its name', async () => {
    const { fetch, requests } = createWire({ status: 200, body: { issuer: 'a' } })
    const api = createTelnyxApi({ fetch, baseUrl: 'http://localhost:5173/telnyx/v2' })
    await getAuthorizationServerMetadata(api)
    await getProtectedResourceMetadata(api)
    const { origin } = new URL('http://localhost:5173')
    expect(requests.map(({ url }) => url)).toEqual([
      `${origin}/.well-known/oauth-authorization-server/telnyx`,
      `${origin}/.well-known/oauth-protected-resource/telnyx`,
    ])
  })

  it('for the metadata of a resource without an origin is refused', async () => {
    const call = getProtectedResourceMetadata(createTelnyxApi(), 'urn:example:api')
    expect(await errorInTheEnd(call)).toMatchObject({ message: 'resource must be a path or an http(s) URL' })
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

  it.each([
    ['that looks like one of ours', Object.assign(new Error('no'), { isRetryable: true, status: 503 })],
    ['that is one of ours, of a handle that refreshes tokens', new TelnyxConnectionError('No answer')],
    ['of the type that fetch throws', new TypeError('signed out')],
  ])('of getAccessToken %s is passed on as it is, and nothing is sent', async (_title, reason) => {
    const { fetch, requests } = createWire(OK)
    let calls = 0
    const getAccessToken = () => {
      calls++
      return Promise.reject(reason)
    }
    expect(await errorInTheEnd(getOAuthClient(createTelnyxApi({ getAccessToken, fetch }), 'abc'))).toBe(
      reason,
    )
    expect([calls, requests.length]).toEqual([1, 0])
  })

  it.each([
    ['an Error', Object.assign(new Error('signed_out'), { code: 'signed_out', isRetryable: true })],
    ['one of ours', new TelnyxConnectionError('No answer')],
    ['null', null],
  ])('of a fetch of the app, %s, is passed on as it is, sent once', async (_title, reason) => {
    let calls = 0
    const fetch = () => {
      calls++
      return Promise.reject(reason)
    }
    expect(await errorInTheEnd(getOAuthClient(createTelnyxApi({ fetch }), 'abc'))).toBe(reason)
    expect(calls).toBe(1)
  })
})
