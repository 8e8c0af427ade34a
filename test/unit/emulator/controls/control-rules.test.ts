import type { EndpointName, Fault } from '@telnyx-oauth/emulator'
import { createEmulator } from '@telnyx-oauth/emulator'
import { describe, expect, test } from 'vitest'
import { startEmulator } from '../../../support/start-emulator.ts'

const emulator = createEmulator()

describe('a fault is refused', () => {
  test.each<[string, object, string]>([
    ['tokn', { status: 503 }, '"endpoint" must be .*; did you mean "token"\\?; got "tokn"'],
    ['control', { status: 503 }, '"endpoint" must be '],
    ['jwks', { sttus: 503 }, '"sttus" does not exist; did you mean "status"\\?'],
    ['jwks', { status: 101 }, '"status" must be a status from 200 to 599; got 101'],
    ['jwks', { status: 503, when: 'nope' }, '"when" must be "before" or "after"; got "nope"'],
    ['jwks', { status: 503, times: -1 }, '"times" must be a whole number above 0'],
    ['jwks', { status: 503, headers: { 'a b': 'c' } }, '"headers" must be an object of HTTP header names'],
    ['jwks', { status: 503, headers: { a: 'b\nc' } }, '"headers" must be an object of HTTP header names'],
    ['jwks', { delayMs: 2 ** 31 }, '"delayMs" must be a whole number from 0 to 2147483647'],
    ['jwks', { status: 503, grant: 'refresh_token' }, '"grant" is for the endpoint "token" only'],
    ['token', { status: 503, grant: 'refresh' }, '"grant" must be .*; did you mean "refresh_token"'],
    ['jwks', { idTokenClaims: { sub: 'x' } }, '"idTokenClaims" is for the endpoint "token" only'],
    [
      'jwks',
      { status: 503, path: '/v2/oauth/token' },
      '"path" /v2/oauth/token belongs to the endpoint "token"',
    ],
    ['jwks', { status: 503, path: 'v2/oauth/jwks' }, '"path" must be a path, with a slash in front'],
    ['token', { idTokenClaims: { sub: 'x' } }, '"idTokenClaims" needs the option "openId"'],
    ['jwks', { drop: true, status: 500 }, '"drop": true sends no response, so "status" has no effect'],
    ['jwks', { drop: true, body: '' }, '"drop": true sends no response, so "body" has no effect'],
    ['jwks', { drop: true, cors: false }, '"drop": true sends no response, so "cors" has no effect'],
    ['jwks', { status: 204, body: 'x' }, 'a response with "status" 204 has no body, so "body" has'],
    ['jwks', { status: 304, omit: ['keys'] }, 'a response with "status" 304 has no body, so "omit" has'],
    ['jwks', { status: 204, drop: 'mid-body' }, 'a response with "status" 204 has no body, so "drop" has'],
    ['jwks', {}, 'the fault changes nothing'],
    ['jwks', { times: 2, cors: true, delayMs: 0, drop: false }, 'the fault changes nothing'],
  ])('at %s: %j', (endpoint, fault, message) => {
    expect(() => emulator.fail(endpoint as EndpointName, fault as Fault)).toThrow(
      new RegExp(`^fail: ${message}`),
    )
  })
})

test('a fault with headers or cors alone changes the response of the server', async () => {
  const { url, fail } = await startEmulator()
  const headers = { origin: 'https://app.example' }
  fail('jwks', { headers: { 'x-proxy': 'yes' } })
  expect((await fetch(`${url}/v2/oauth/jwks`, { headers })).headers.get('x-proxy')).toBe('yes')
  fail('jwks', { cors: false })
  const response = await fetch(`${url}/v2/oauth/jwks`, { headers })
  expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([200, null])
})

test('a fault may name a client that is added later', async () => {
  const { url, fail, addClient } = await startEmulator()
  const fault = fail('authorize', { status: 503, clientId: 'late' })
  addClient({ clientId: 'late', name: 'Late', redirectUris: ['http://localhost:5173/callback'] })
  expect((await fetch(`${url}/v2/oauth/authorize?client_id=late`)).status).toBe(503)
  expect(fault.remaining).toBe(0)
})

describe('another control is refused', () => {
  test.each<[string, () => unknown, string]>([
    [
      'hold',
      () => emulator.hold('jwks', { when: 'befor' as 'before' }),
      '"when" must be "before" or "after"; did you mean "before"?',
    ],
    [
      'hold',
      () => emulator.hold('jwks', { grant: 'refresh_token' }),
      '"grant" is for the endpoint "token" only',
    ],
    [
      'requests',
      () => emulator.requests({ endpont: 'jwks' } as object),
      '"endpont" does not exist; did you mean "endpoint"?',
    ],
    [
      'addClient',
      () => emulator.addClient({ clientId: 'a', name: 'A', redirectURIs: [] } as never),
      '"redirectURIs" does not exist; did you mean "redirectUris"?',
    ],
    [
      'addClient',
      () => emulator.addClient({ clientId: 'a', name: 'A', redirectUris: ['javascript:alert(1)'] }),
      '"redirectUris[0]" must be an absolute URI',
    ],
    ['seed', () => emulator.seed({ clients: 1e9 }), '"clients" must be a whole number from 0 to 200000'],
    [
      'expireAccessTokens',
      () => emulator.expireAccessTokens({ client: 'a' } as object),
      '"client" does not exist',
    ],
    [
      'requireStepUp',
      () => emulator.requireStepUp('token', { maxAgeSeconds: 1 }),
      '"endpoint" must be "balance"',
    ],
    ['fail', () => emulator.fail('token', undefined as never), '"fault" must be an object; got undefined'],
    ['fail', () => emulator.fail('token', [] as never), '"fault" must be an object; got []'],
    ['hold', () => emulator.hold('token', null as never), '"options" must be an object; got null'],
    [
      'requireStepUp',
      () => emulator.requireStepUp('balance', undefined as never),
      '"stepUp" must be an object; got undefined',
    ],
    ['requireStepUp', () => emulator.requireStepUp('balance', {}), 'give "acrValues" or "maxAgeSeconds"'],
    ['changeMetadata', () => emulator.changeMetadata('metadata', [] as never), '"members" must be an object'],
  ])('%s %s', (caller, call, message) => {
    expect(call).toThrow(TypeError)
    expect(call).toThrow(`${caller}: ${message}`)
  })
})
