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
  ])('must be an absolute http(s) URL, not %s', (_title, baseUrl) => {
    expect(() => createTelnyxApi({ baseUrl })).toThrow(
      new TypeError('baseUrl must be an absolute http(s) URL'),
    )
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
    ['maxRetries of NaN', { maxRetries: Number.NaN }, 'maxRetries must be a number from 0'],
    ['maxRetries below 0', { maxRetries: -1 }, 'maxRetries must be a number from 0'],
    ['fetch that is none', { fetch: {} }, 'fetch must be a function'],
    ['getAccessToken that is a token', { getAccessToken: 'token' }, 'getAccessToken must be a function'],
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
    await expect(call).rejects.toThrow(
      new TypeError('API key or access token must be visible ASCII and not empty'),
    )
    expect(requests).toHaveLength(0)
  })
})
