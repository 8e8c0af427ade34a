import type { EndpointName, Fault } from '@telnyx-oauth/emulator'
import { createEmulator } from '@telnyx-oauth/emulator'
import { describe, expect, test } from 'vitest'
import { startEmulator } from '../../../support/start-emulator.ts'

const emulator = createEmulator()
const cyclic: Record<string, unknown> = {}
cyclic.self = cyclic

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
    ['jwks', { status: 503, path: 'v2/oauth/jwks' }, '"path" must be a path as it is requested'],
    ['token', { idTokenClaims: { sub: 'x' } }, '"idTokenClaims" needs the option "openId"'],
    ['jwks', { drop: true, status: 500 }, '"drop": true sends no response, so "status" has no effect'],
    ['jwks', { drop: true, body: '' }, '"drop": true sends no response, so "body" has no effect'],
    ['jwks', { drop: true, cors: false }, '"drop": true sends no response, so "cors" has no effect'],
    ['jwks', { status: 204, body: 'x' }, 'a response with "status" 204 has no body, so "body" has'],
    ['jwks', { status: 304, omit: ['keys'] }, 'a response with "status" 304 has no body, so "omit" has'],
    ['jwks', { status: 204, drop: 'mid-body' }, 'a response with "status" 204 has no body, so "drop" has'],
    ['jwks', { members: {} }, 'the fault changes nothing'],
    ['jwks', { omit: [] }, 'the fault changes nothing'],
    ['jwks', { headers: {}, members: {}, omit: [] }, 'the fault changes nothing'],
    [
      'sign-in',
      { members: { a: 1 } },
      '"members" changes JSON, and the endpoint "sign-in" responds with none',
    ],
    ['home', { omit: ['a'] }, '"omit" changes JSON, and the endpoint "home" responds with none'],
    ['unknown', { status: 503, path: '/a b' }, '"path" must be a path as it is requested'],
    ['unknown', { status: 503, path: '/a?b' }, '"path" must be a path as it is requested'],
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

test.each<[string, EndpointName, object, string]>([
  ['a function', 'jwks', { status: 400, body: () => 1 }, '"body" must be JSON'],
  ['a symbol', 'jwks', { status: 400, body: Symbol('x') }, '"body" must be JSON'],
  ['a BigInt within', 'jwks', { body: { count: 1n } }, '"body" must be JSON'],
  ['a cycle', 'jwks', { body: cyclic }, '"body" must be JSON'],
  ['a cycle in a member', 'jwks', { members: { keys: cyclic } }, '"members" must be JSON'],
  ['a BigInt in a claim', 'token', { idTokenClaims: { sub: 1n } }, '"idTokenClaims" must be JSON'],
])('a fault is refused that JSON cannot hold: %s', (_, endpoint, fault, message) => {
  expect(() => emulator.fail(endpoint, fault as Fault)).toThrow(`fail: ${message}`)
})

test('ID token claims of a grant without an ID token are refused', () => {
  const { fail } = createEmulator({ openId: true })
  expect(() => fail('token', { idTokenClaims: { sub: 'x' }, grant: 'client_credentials' })).toThrow(
    'fail: the grant "client_credentials" gives no ID token',
  )
})

test('a control keeps what it was given, whatever happens to that object later', async () => {
  const { url, fail, changeMetadata } = await startEmulator()
  const fault = { status: 503, body: { errors: ['first'] } }
  fail('jwks', fault)
  const members: Record<string, unknown> = { issuer: 'https://first.example' }
  changeMetadata('metadata', members)
  Object.assign(fault, { status: 500 }).body.errors.push('second')
  members.issuer = 'https://second.example'
  const response = await fetch(`${url}/v2/oauth/jwks`)
  expect([response.status, await response.json()]).toEqual([503, { errors: ['first'] }])
  const metadata = await fetch(`${url}/.well-known/oauth-authorization-server`)
  expect(await metadata.json()).toMatchObject({ issuer: 'https://first.example' })
})

test('objects that the emulator hands out, or was made from, are copies', () => {
  const options = { clients: [{ clientId: 'mine', name: 'Mine', redirectUris: ['https://a.example/'] }] }
  const made = createEmulator(options)
  for (const list of [
    made.accounts,
    made.clients,
    made.addClient({ clientId: 'late', name: 'Late' }).redirect_uris,
  ])
    (list as unknown[]).length = 0
  Object.assign(made.accounts[0] ?? {}, { name: 'Changed' })
  for (const { redirect_uris: uris } of made.clients) (uris as string[]).push('https://b.example/')
  options.clients[0]?.redirectUris.push('https://b.example/')
  const seen = () => made.clients.map(({ client_id: id, redirect_uris: uris }) => [id, uris])
  expect(made.accounts[0]?.name).toBe('Ava Lindqvist')
  expect(seen()).toEqual([
    ['mine', ['https://a.example/']],
    ['late', []],
  ])
  made.reset()
  expect(seen()).toEqual([['mine', ['https://a.example/']]])
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
      () => emulator.addClient({ clientId: 'a', name: 'A', ownerId: 'typo' }),
      '"ownerId" must be the id of an account; got "typo"',
    ],
    [
      'addClient',
      () => emulator.addClient({ clientId: 'é', name: 'E' }),
      '"clientId" must be one or more visible',
    ],
    [
      'requireStepUp',
      () => emulator.requireStepUp('balance', { acrValues: [] }),
      '"acrValues" must name at least',
    ],
    [
      'requireStepUp',
      () => emulator.requireStepUp('balance', { acrValues: ['a"b'] }),
      '"acrValues[0]" must be visible characters, without a space',
    ],
    [
      'requireStepUp',
      () => emulator.requireStepUp('balance', { acrValues: ['é'] }),
      '"acrValues[0]" must be visible',
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
