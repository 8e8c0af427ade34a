import { inspect } from 'node:util'
import { createTelnyxApi, getJwks, getOAuthClient, type TelnyxApiOptions } from '@telnyx-oauth/api'
import { describe, expect, it } from 'vitest'
import { createWire } from './support/scripted-fetch.ts'

describe('the handle', () => {
  it('is frozen', () => {
    expect(Object.isFrozen(createTelnyxApi())).toBe(true)
  })

  it('shows no credential to whoever logs or serialises it', () => {
    const api = createTelnyxApi({ apiKey: 'KEY_SENTINEL', getAccessToken: undefined })
    expect(inspect(api, { depth: 9, showHidden: true }) + JSON.stringify(api)).not.toContain('SENTINEL')
  })

  it('does nothing until an operation is called', () => {
    const { fetch, requests } = createWire({ status: 200 })
    let asked = 0
    createTelnyxApi({ fetch, getAccessToken: () => `${++asked}` })
    expect([requests.length, asked]).toEqual([0, 0])
  })

  it('keeps what it was made with, whatever becomes of the options', async () => {
    const { fetch, requests } = createWire({ status: 200, body: { data: {} } })
    const options = { apiKey: 'KEY1', baseUrl: 'http://localhost:1/v2', fetch }
    const api = createTelnyxApi(options)
    Object.assign(options, { apiKey: 'KEY2', baseUrl: 'http://localhost:2/v2' })
    await getOAuthClient(api, 'abc')
    expect(requests[0]?.url).toBe('http://localhost:1/v2/oauth_clients/abc')
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer KEY1')
  })

  it('shares nothing with another', async () => {
    const [one, two] = [createWire({ status: 200, body: {} }), createWire({ status: 200, body: {} })]
    const api = createTelnyxApi({ fetch: one.fetch })
    createTelnyxApi({ fetch: two.fetch, baseUrl: 'http://localhost:2' })
    await getJwks(api)
    expect([one.requests.length, two.requests.length]).toEqual([1, 0])
  })
})

describe('baseUrl', () => {
  it.each([
    ['a path', '/v2'],
    ['a host', 'api.telnyx.com'],
    ['another scheme', 'ftp://api.telnyx.com/v2'],
    ['user information', 'https://user:pass@api.telnyx.com/v2'],
    ['a query', 'https://api.telnyx.com/v2?a=b'],
    ['a fragment', 'https://api.telnyx.com/v2#a'],
    ['a host with a space', 'http:// x'],
    ['nothing', ''],
    ['plain http to a host', 'http://example.com/v2'],
    ['plain http to a host that begins with localhost', 'http://localhost.example.com/v2'],
    ['plain http to a host that begins with 127.0.0.1', 'http://127.0.0.1.example.com/v2'],
    ['plain http to a host in the local network', 'http://192.168.0.1/v2'],
    ['plain http to localhost as user information', 'http://localhost:80@example.com/v2'],
    ['plain http to a host behind a tab', 'http://localhost\t.example.com/v2'],
  ])('with %s is refused with the rule', (_title, baseUrl) => {
    expect(() => createTelnyxApi({ baseUrl, apiKey: 'KEY' })).toThrow(
      new TypeError('baseUrl must be https (http on loopback) without user, query, fragment'),
    )
  })

  it.each([
    'https://example.com',
    'http://localhost',
    'http://localhost:4010/v2',
    'http://127.8.9.1:4010/v2',
    'http://[::1]:4010/v2',
  ])('%s receives the request', async (baseUrl) => {
    const { fetch, requests } = createWire({ status: 200, body: { data: {} } })
    await getOAuthClient(createTelnyxApi({ baseUrl, apiKey: 'KEY', fetch }), 'abc')
    expect(requests[0]?.url).toBe(`${baseUrl}/oauth_clients/abc`)
  })
})

describe('createTelnyxApi throws a TypeError that names', () => {
  const OPTIONS = 'apiKey, getAccessToken, baseUrl, fetch, timeoutMs, maxRetries'

  it.each<[string, object, string]>([
    [
      'baseURL, as the official SDK spells it',
      { baseURL: 'http://localhost' },
      `baseURL is not one of ${OPTIONS}`,
    ],
    ['an option that every object has', { constructor: 1 }, `constructor is not one of ${OPTIONS}`],
    ['timeoutMs of 0', { timeoutMs: 0 }, 'timeoutMs must be a positive number'],
    ['timeoutMs of NaN', { timeoutMs: Number.NaN }, 'timeoutMs must be a positive number'],
    ['timeoutMs that is a text', { timeoutMs: '60000' }, 'timeoutMs must be a positive number'],
    ['maxRetries of NaN', { maxRetries: Number.NaN }, 'maxRetries must be a whole number from 0'],
    ['maxRetries of 1.5', { maxRetries: 1.5 }, 'maxRetries must be a whole number from 0'],
    ['maxRetries that is a text', { maxRetries: '2' }, 'maxRetries must be a whole number from 0'],
    ['maxRetries below 0', { maxRetries: -1 }, 'maxRetries must be a whole number from 0'],
    ['fetch that is none', { fetch: {} }, 'fetch must be a function'],
    [
      'getAccessToken that is a token',
      { getAccessToken: 'token' },
      'getAccessToken must be a function, without apiKey',
    ],
    [
      'getAccessToken beside apiKey',
      { apiKey: 'KEY', getAccessToken: () => 'token' },
      'getAccessToken must be a function, without apiKey',
    ],
  ])('%s', (_title, options, message) => {
    expect(() => createTelnyxApi(options as TelnyxApiOptions)).toThrow(new TypeError(message))
  })
})

describe('the API key', () => {
  it.each([
    ['a line break', 'SENTINEL\nx'],
    ['a space', 'SENTINEL x'],
    ['nothing in it', ''],
  ])('with %s is refused without being quoted', (_title, apiKey) => {
    expect(() => createTelnyxApi({ apiKey })).toThrow(
      new TypeError('apiKey must be visible ASCII and not empty'),
    )
  })
})

describe('the access token', () => {
  it.each<[string, unknown]>([
    ['a letter outside ASCII', 'SENTINEL\u00fc'],
    ['nothing in it', ''],
    ['no text', undefined],
  ])('with %s is refused without being quoted, and no anonymous request goes out', async (_title, token) => {
    const { fetch, requests } = createWire({ status: 200 })
    const getAccessToken = () => token as string
    const call = getOAuthClient(createTelnyxApi({ getAccessToken, fetch }), 'abc')
    await expect(call).rejects.toThrow(new TypeError('access token must be visible ASCII and not empty'))
    expect(requests).toHaveLength(0)
  })
})
