import type { DiagnoseOptions, Finding, FindingCheck } from '@telnyx-oauth/core'
import type { Page } from 'playwright'
import { describe } from 'vitest'
import { setClockWrong } from './support/clock.ts'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'
import { refreshesOf } from './support/log.ts'
import { openSignedIn, openSignedOut, said } from './support/tab-pages.ts'

type Results = Partial<Record<FindingCheck, Finding['result']>>

/** The result of each check; the worse one where there are two. */
async function diagnose(page: Page, options?: DiagnoseOptions): Promise<Results> {
  const findings = await page.evaluate((given) => tab.diagnose(given), options)
  return Object.fromEntries(findings.map(({ check, result }) => [check, result]))
}

/** What a check found, in its words. */
async function sentenceOf(page: Page, check: FindingCheck, options?: DiagnoseOptions): Promise<string> {
  const findings = await page.evaluate((given) => tab.diagnose(given), options)
  return findings.find((finding) => finding.check === check)?.sentence ?? ''
}

const healthy: Results = {
  'secure-context': 'ok',
  'redirect-uri': 'ok',
  'redirect-uri-registration': 'unknown',
  metadata: 'ok',
  endpoints: 'ok',
  pkce: 'ok',
  dpop: 'ok',
  'token-endpoint': 'ok',
  client: 'ok',
  'revocation-endpoint': 'ok',
  resource: 'ok',
  challenge: 'ok',
  'retry-after': 'unknown',
  clock: 'ok',
  storage: 'ok',
  persistence: 'ok',
  locks: 'ok',
  channel: 'ok',
  rotation: 'unknown',
  session: 'ok',
}

describe('a browser and a server that work', () => {
  test.override({ emulatorOptions: { revocation: true }, userOptions: { mayFail: true } })

  test('are found to, and the session goes on as if nobody had looked', async ({ user, emulator }) => {
    const page = await openSignedIn(user)
    const token = await page.evaluate(() => tab.auth.getAccessToken())
    emulator.clearRequests()
    expect(await diagnose(page, { urls: [`${emulator.issuer}/v2/balance`] })).toEqual(healthy)
    const requests = emulator.requests().map(({ endpoint, status }) => `${endpoint} ${status}`)
    expect(requests.sort()).toEqual(['balance 401', 'metadata 200', 'revoke 200', 'token 400'])
    expect(await page.evaluate(() => tab.auth.getAccessToken())).toBe(token)
    expect(await page.evaluate(() => tab.call(1))).toEqual([200])
    expect(refreshesOf(emulator)).toEqual([])
    await page.reload()
    await expect(said(page)).toHaveText('signed-in')
  })

  test('are told from a clock that is wrong and a client that nobody knows', async ({ user, emulator }) => {
    await setClockWrong(user, 3_600_000)
    await user.context.addInitScript(() => {
      globalThis.tabOptions = {
        ...globalThis.tabOptions,
        clientId: 'nobody',
        redirectUri: 'http://127.0.0.1/callback',
      }
    })
    const page = await openSignedOut(user)
    expect(await diagnose(page, { urls: [`${emulator.issuer}/v2/balance`] })).toEqual({
      ...healthy,
      'redirect-uri': 'problem',
      client: 'problem',
      'revocation-endpoint': 'warning',
      clock: 'warning',
    })
  })

  test('are told from a browser without IndexedDB', async ({ user, emulator }) => {
    await user.context.addInitScript(() => {
      Object.defineProperty(globalThis, 'indexedDB', { value: undefined })
    })
    const page = await openSignedOut(user)
    expect(await diagnose(page, { urls: [`${emulator.issuer}/v2/balance`] })).toEqual({
      ...healthy,
      storage: 'warning',
    })
  })
})

describe('a server with all that there is', () => {
  test.override({
    emulatorOptions: { revocation: true, par: true, dpop: { requireNonce: true } },
    userOptions: { mayFail: true },
  })

  test('is found to read proofs, nonces and pushed requests, and to know the redirect URI', async ({
    user,
    emulator,
  }) => {
    const page = await openSignedIn(user)
    emulator.clearRequests()
    expect(await diagnose(page, { urls: [`${emulator.issuer}/v2/balance`] })).toEqual({
      ...healthy,
      'redirect-uri-registration': 'ok',
      'par-endpoint': 'ok',
      'dpop-nonce': 'ok',
    })
    const [session] = new Set(refreshesOf(emulator).map(({ params }) => params.refresh_token))
    expect(session, 'no refresh token of anybody').toBeUndefined()
    expect(await page.evaluate(() => tab.call(1))).toEqual([200])
    await page.evaluate(() => tab.auth.refresh())
  })

  test('is told from one that does not know the redirect URI', async ({ user }) => {
    await user.context.addInitScript(() => {
      globalThis.tabOptions = { ...globalThis.tabOptions, redirectUri: '/nobody-knows' }
    })
    const page = await openSignedOut(user)
    const results = await diagnose(page)
    expect(results).toMatchObject({ 'redirect-uri-registration': 'problem', 'par-endpoint': 'ok' })
  })
})

/** What is left when the metadata cannot be read, signed out. */
const withoutMetadata: Results = {
  ...healthy,
  metadata: 'problem',
  endpoints: 'unknown',
  pkce: 'unknown',
  dpop: 'unknown',
  'token-endpoint': 'unknown',
  client: 'unknown',
  'revocation-endpoint': 'unknown',
  resource: 'problem',
  challenge: 'unknown',
}

describe('a server that sends no CORS headers', () => {
  test.override({ emulatorOptions: { cors: false }, userOptions: { mayFail: true } })

  test('is found to be there, and one that is gone is not', async ({ user, emulator }) => {
    const page = await openSignedOut(user)
    expect(await diagnose(page)).toEqual(withoutMetadata)
    expect(await sentenceOf(page, 'metadata')).toMatch(
      /is there, but sends no CORS headers that let http:\/\/localhost:/,
    )
    await emulator.stop()
    expect(await diagnose(page)).toEqual(withoutMetadata)
    expect(await sentenceOf(page, 'metadata')).toMatch(/cannot be reached/)
    await user.context.setOffline(true)
    const offline = { ...withoutMetadata, metadata: 'unknown', resource: 'unknown', clock: 'unknown' }
    expect(await diagnose(page)).toEqual(offline)
    await user.context.setOffline(false)
  })
})

describe('a server that hides some of its answers', () => {
  test.override({
    emulatorOptions: { revocation: true, cors: { except: ['token', 'revoke', 'balance'] } },
    userOptions: { mayFail: true },
  })

  test('is told endpoint by endpoint', async ({ user, emulator }) => {
    const page = await openSignedOut(user)
    const { issuer } = emulator
    expect(await diagnose(page, { urls: [`${issuer}/v2/balance`] })).toEqual({
      ...healthy,
      'token-endpoint': 'problem',
      client: 'unknown',
      'revocation-endpoint': 'problem',
      resource: 'problem',
      challenge: 'unknown',
    })
    expect(await sentenceOf(page, 'token-endpoint')).toContain(
      `${issuer}/v2/oauth/token) is there, but sends no CORS`,
    )
  })
})

describe('a server that exposes headers', () => {
  test.override({
    emulatorOptions: { dpop: true, cors: { exposeHeaders: ['Date', 'Retry-After', 'DPoP-Nonce'] } },
    userOptions: { mayFail: true },
  })

  test('is told which of them this page can read', async ({ user, emulator }) => {
    const page = await openSignedOut(user)
    const urls = [`${emulator.issuer}/v2/balance`]
    const expected: Results = { ...healthy, 'revocation-endpoint': 'warning', 'dpop-nonce': 'unknown' }
    expect(await diagnose(page, { urls })).toEqual({ ...expected, challenge: 'warning' })

    emulator.fail('balance', { status: 429, headers: { 'retry-after': '3' } })
    const busy: Results = { ...expected, resource: 'warning', challenge: 'unknown', 'retry-after': 'ok' }
    expect(await diagnose(page, { urls })).toEqual(busy)
  })
})

describe('a page', () => {
  test.override({ emulatorOptions: { publicHost: '127.0.0.1' }, userOptions: { mayFail: true } })

  test('whose Content Security Policy forbids the servers is told so', async ({ user }) => {
    const page = await openSignedOut(user)
    expect(await diagnose(page)).toEqual(withoutMetadata)
    expect(await sentenceOf(page, 'metadata')).toMatch(/^The Content Security Policy of this page forbids/)
    expect(await sentenceOf(page, 'resource')).toMatch(/^The Content Security Policy of this page forbids/)
  })

  test('that cannot load the code is told so, and nothing rejects', async ({ user }) => {
    await user.context.route(/\/assets\/diagnose-/, (route) => route.abort())
    expect(await diagnose(await openSignedOut(user))).toEqual({ code: 'problem' })
  })
})
