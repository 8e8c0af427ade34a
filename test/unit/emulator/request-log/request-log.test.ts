import { setImmediate } from 'node:timers/promises'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createRequestLog } from '../../../../packages/emulator/src/request-log/request-log.ts'
import { refreshAtEmulator, signInToEmulator } from '../../../support/emulator-sign-in.ts'
import { startEmulator } from '../../../support/start-emulator.ts'

const balance = (url: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${url}/v2/balance`, { headers })

describe('the request log', () => {
  test('tells token requests apart by grant, client and status', async () => {
    const emulator = await startEmulator()
    const { refresh_token: token = '' } = await signInToEmulator(emulator.issuer)
    await refreshAtEmulator(emulator.issuer, token)
    await expect(refreshAtEmulator(emulator.issuer, token)).rejects.toThrow()
    const count = (filter: Parameters<typeof emulator.requests>[0]): number =>
      emulator.requests(filter).length
    expect(count({ endpoint: 'token' })).toBe(3)
    expect(count({ grant: 'refresh_token' })).toBe(2)
    expect(count({ grant: 'refresh_token', status: 200 })).toBe(1)
    expect(count({ clientId: 'nobody' })).toBe(0)
    expect(emulator.requests({ status: 400 })).toMatchObject([
      { error: 'invalid_grant', clientId: 'telnyx-demo' },
    ])
  })

  test('shows refresh tokens as fingerprints that can be counted', async () => {
    const emulator = await startEmulator()
    const first = await signInToEmulator(emulator.issuer)
    const second = await refreshAtEmulator(emulator.issuer, first.refresh_token ?? '')
    await refreshAtEmulator(emulator.issuer, second.refresh_token ?? '')
    const sent = emulator.requests({ grant: 'refresh_token' }).map(({ params }) => params.refresh_token)
    expect(new Set(sent).size).toBe(2)
    expect(sent).toEqual([expect.stringMatching(/^#[0-9a-f]{12}$/), expect.stringMatching(/^#[0-9a-f]{12}$/)])
  })

  test('holds no token, code, verifier, secret, cookie or consent token', async () => {
    const emulator = await startEmulator()
    const tokens = await signInToEmulator(emulator.issuer)
    await balance(emulator.url, {
      authorization: `Bearer ${tokens.access_token}`,
      cookie: 'a=very-secret-cookie',
      dpop: 'very-secret-proof',
    })
    await fetch(`${emulator.url}/v2/oauth/introspect`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('backend:very-secret-basic')}` },
      body: new URLSearchParams({ token: tokens.access_token, client_secret: 'very-secret-post' }),
    })
    const log = JSON.stringify(emulator.requests())
    expect(log).not.toContain(tokens.access_token)
    expect(log).not.toContain('very-secret')
    expect(log).not.toContain(btoa('backend:very-secret-basic'))
    for (const { endpoint, path, params } of emulator.requests()) {
      if (endpoint === 'sign-in' || endpoint === 'authorize-resume') expect(path).toMatch(/\/#[0-9a-f]{12}$/)
      for (const name of ['code', 'code_verifier'])
        if (params[name] !== undefined) expect(params[name]).toMatch(/^#/)
    }
  })

  test('shows the secrets in the URL of a referrer as fingerprints', async () => {
    const { url, requests } = await startEmulator()
    for (const referer of [
      'http://localhost:5173/callback?code=a-secret&state=kept',
      'https://consent.example/?consent_token=a-secret',
      `${url}/telnyx/sign-in/a-secret`,
      'a-secret',
    ])
      await balance(url, { referer })
    const [first, ...others] = requests().map(({ headers }) => headers.referer)
    expect(first).toMatch(/^http:\/\/localhost:5173\/callback\?code=%23[\da-f]{12}&state=kept$/)
    expect(others).toHaveLength(3)
    expect(others.join()).not.toContain('a-secret')
  })

  test('knows the client behind a bearer token', async () => {
    const emulator = await startEmulator()
    const { access_token } = await signInToEmulator(emulator.issuer)
    await balance(emulator.url, { authorization: `Bearer ${access_token}` })
    expect(emulator.requests({ endpoint: 'balance' })).toMatchObject([
      { clientId: 'telnyx-demo', status: 200 },
    ])
  })

  test('leaves preflights out unless they are asked for', async () => {
    const emulator = await startEmulator()
    await fetch(`${emulator.url}/v2/oauth/token`, {
      method: 'OPTIONS',
      headers: { origin: 'http://localhost:5173', 'access-control-request-method': 'POST' },
    })
    expect(emulator.requests()).toEqual([])
    expect(emulator.requests({ endpoint: 'token', method: 'OPTIONS' })).toMatchObject([
      { origin: 'http://localhost:5173', status: 204 },
    ])
  })

  test('can be emptied, counts on, and what it gave before does not change', async () => {
    const emulator = await startEmulator()
    await balance(emulator.url)
    const before = emulator.requests()
    emulator.clearRequests()
    await balance(emulator.url)
    expect(before).toHaveLength(1)
    expect(emulator.requests().map(({ id }) => id)).toEqual([2])
    expect(Object.isFrozen(before) && Object.isFrozen(before[0])).toBe(true)
  })

  test('lets one wait for the next matching request', async () => {
    const emulator = await startEmulator()
    await balance(emulator.url)
    const next = emulator.waitForRequest({ endpoint: 'balance', status: 200 })
    await balance(emulator.url)
    await balance(emulator.url, { authorization: 'Bearer KEY_EMULATOR_AVA' })
    expect(await next).toMatchObject({ id: 3, status: 200 })
  })

  test('ends the wait when the emulator stops', async () => {
    const emulator = await startEmulator()
    const next = emulator.waitForRequest()
    const failed = expect(next).rejects.toThrow('the emulator was stopped')
    await emulator.stop()
    await failed
  })

  test('ends the wait when the emulator is reset', async () => {
    const emulator = await startEmulator()
    const next = emulator.waitForRequest()
    emulator.reset()
    await expect(next).rejects.toThrow('the emulator was reset before such a request came')
  })

  test('leaves no unhandled rejection when the caller awaits after the stop', async () => {
    const emulator = await startEmulator()
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    onTestFinished(() => void process.off('unhandledRejection', unhandled))
    const next = emulator.waitForRequest()
    const { arrived } = emulator.hold('jwks')
    await emulator.stop()
    // Node reports a rejection that no handler has when the turn of the event loop ends.
    await setImmediate()
    expect(unhandled).not.toHaveBeenCalled()
    await expect(next).rejects.toThrow('the emulator was stopped')
    await expect(arrived).rejects.toThrow('the emulator was stopped')
  })

  test('keeps the last 20,000 requests at least, and does not grow for ever', () => {
    const log = createRequestLog()
    const total = 100_000
    for (let count = 0; count < total; count += 1) {
      log.begin({ method: 'GET', path: '/', endpoint: 'unknown', atMs: count, headers: {}, params: {} })
    }
    const kept = log.list()
    expect(kept.at(-1)?.id).toBe(total)
    expect(kept.length).toBeGreaterThanOrEqual(20_000)
    expect(kept.length).toBeLessThanOrEqual(40_000)
  })
})
