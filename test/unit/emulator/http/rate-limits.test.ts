import { describe, expect, test } from 'vitest'
import { countArrival } from '../../../../packages/emulator/src/http/rate-limits.ts'
import { startEmulator } from '../../../support/start-emulator.ts'

const BACKEND = { clientId: 'backend', clientSecret: 'secret', name: 'Backend' }

function introspect(url: string, clientId: string): Promise<Response> {
  const body = new URLSearchParams({ token: 'x', client_id: clientId, client_secret: 'secret' })
  return fetch(`${url}/v2/oauth/introspect`, { method: 'POST', body })
}

function register(url: string): Promise<Response> {
  return fetch(`${url}/v2/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ redirect_uris: ['https://a.example/cb'] }),
  })
}

describe('a sliding window', () => {
  const limit = { limit: 2, windowSeconds: 10 }

  test('lets so many through and says when the next one may come', () => {
    const first = countArrival([], limit, 1_000)
    expect(first.allowance).toEqual({ isExceeded: false, remaining: 1, resetSeconds: 10 })
    const second = countArrival(first.kept, limit, 4_000)
    expect(second.allowance).toEqual({ isExceeded: false, remaining: 0, resetSeconds: 7 })
    const third = countArrival(second.kept, limit, 5_500)
    expect(third).toEqual({
      kept: second.kept,
      allowance: { isExceeded: true, remaining: 0, resetSeconds: 6 },
    })
    expect(countArrival(third.kept, limit, 11_000).allowance).toEqual({
      isExceeded: false,
      remaining: 0,
      resetSeconds: 3,
    })
  })
})

describe('on the live profile', () => {
  test('a client introspects five times a minute, and the sixth time gets 429 with both families of headers', async () => {
    const { url } = await startEmulator({ clients: [BACKEND, { ...BACKEND, clientId: 'other' }] })
    for (let round = 0; round < 5; round += 1) expect((await introspect(url, 'backend')).status).toBe(200)
    const refused = await introspect(url, 'backend')
    expect(refused.status).toBe(429)
    expect(await refused.json()).toMatchObject({ errors: [{ code: '10011' }] })
    expect(refused.headers.get('ratelimit-limit')).toBe('5, 5;w=60')
    expect(refused.headers.get('x-ratelimit-limit')).toBe('5')
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0')
    const wait = Number(refused.headers.get('retry-after'))
    expect(wait).toBeGreaterThan(50)
    expect(refused.headers.get('x-ratelimit-reset')).toBe(String(wait))
    expect((await introspect(url, 'other')).status).toBe(200)
  })

  test('five registrations an hour are taken, until a reset', async () => {
    const emulator = await startEmulator()
    for (let round = 0; round < 5; round += 1) expect((await register(emulator.url)).status).toBe(201)
    expect((await register(emulator.url)).status).toBe(429)
    emulator.reset()
    expect((await register(emulator.url)).status).toBe(201)
  })
})

describe('limits', () => {
  test('can be set, and turned off', async () => {
    const one = { limit: 1, windowSeconds: 60 }
    const strict = await startEmulator({
      clients: [BACKEND],
      rateLimits: { introspect: one, register: false },
    })
    expect([
      (await introspect(strict.url, 'backend')).status,
      (await introspect(strict.url, 'backend')).status,
    ]).toEqual([200, 429])
    const lax = await startEmulator({ rateLimits: false })
    for (let round = 0; round < 7; round += 1) expect((await register(lax.url)).status).toBe(201)
  })

  test('do not exist on the spec profile', async () => {
    const { url } = await startEmulator({ profile: 'spec' })
    for (let round = 0; round < 7; round += 1) expect((await register(url)).status).toBe(201)
  })
})
