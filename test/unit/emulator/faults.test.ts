import { afterEach, describe, expect, test, vi } from 'vitest'
import { refreshAtEmulator, signInToEmulator } from '../../support/emulator-sign-in.ts'
import { startEmulator } from '../../support/start-emulator.ts'

const ORIGIN = { origin: 'http://localhost:5173' }

afterEach(() => {
  vi.useRealTimers()
})

function balance(url: string): Promise<Response> {
  return fetch(`${url}/v2/balance`, { headers: { authorization: 'Bearer KEY_EMULATOR_AVA', ...ORIGIN } })
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

  test('can be taken back', async () => {
    const { fail, url } = await startEmulator()
    fail('balance', { status: 500, times: Number.POSITIVE_INFINITY }).remove()
    expect((await balance(url)).status).toBe(200)
  })

  test('meets only the endpoint, grant and client it is meant for', async () => {
    const emulator = await startEmulator()
    emulator.fail('token', { status: 500, grant: 'refresh_token' })
    emulator.fail('token', { status: 500, clientId: 'another' })
    const { refresh_token: token = '' } = await signInToEmulator(emulator.issuer)
    await expect(refreshAtEmulator(emulator.issuer, token)).rejects.toThrow()
    await expect(refreshAtEmulator(emulator.issuer, token)).resolves.toHaveProperty('access_token')
  })

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

  test('is forgotten on reset', async () => {
    const emulator = await startEmulator()
    emulator.fail('balance', { status: 500 })
    emulator.reset()
    expect((await balance(emulator.url)).status).toBe(200)
  })
})
