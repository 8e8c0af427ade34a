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
    ['nothing', ''],
  ])('must be an absolute http(s) URL, not %s', (_title, baseUrl) => {
    expect(() => createTelnyxApi({ baseUrl })).toThrow(
      new TypeError('baseUrl must be an absolute http(s) URL'),
    )
  })
})

describe('the API key or access token', () => {
  it.each<[string, TelnyxApiOptions]>([
    ['a line break', { apiKey: 'SENTINEL\nx' }],
    ['a space', { apiKey: 'SENTINEL x' }],
    ['a letter outside ASCII', { getAccessToken: () => 'SENTINEL\u00fc' }],
  ])('with %s is refused without being quoted', async (_title, options) => {
    const { fetch, requests } = createWire({ status: 200 })
    const call = getOAuthClient(createTelnyxApi({ ...options, fetch }), 'abc')
    await expect(call).rejects.toThrow(new TypeError('API key or access token must be visible ASCII'))
    expect(requests).toHaveLength(0)
  })
})
