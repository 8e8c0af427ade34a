import type { LoggedRequest } from '@telnyx-oauth/emulator'
import type { Page } from 'playwright'
import { describe } from 'vitest'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'
import { endpointsOf, refreshesOf } from './support/log.ts'
import { askInEach, openSignedIn, openSignedInTabs, outcomesOf } from './support/tab-pages.ts'

const statuses = (requests: readonly LoggedRequest[]) => requests.map(({ status }) => status)

/** What IndexedDB says of the session's key: its private half can be used there, and nothing else. */
const storedKey = (page: Page) =>
  page.evaluate(async () => {
    const opened = indexedDB.open('telnyx-oauth-2')
    await new Promise((resolve) => {
      opened.onsuccess = resolve
    })
    const records = opened.result.transaction('records').objectStore('records').getAll()
    await new Promise((resolve) => {
      records.onsuccess = resolve
    })
    opened.result.close()
    const { privateKey } = records.result.find((record) => record.proofKey).proofKey.pair
    const exported = await crypto.subtle.exportKey('jwk', privateKey).catch((error: Error) => error.name)
    return { type: privateKey.type, extractable: privateKey.extractable, exported }
  })

describe('DPoP', () => {
  test.override('emulatorOptions', { dpop: { requireNonce: true }, accessTokenLifetimeSeconds: 600 })
  // A nonce is asked for with a 400 or a 401, which the browser notes in the console.
  test.override('userOptions', { mayFail: true })

  test('binds a session to a key of this browser: in every tab, over refresh and reload', async ({
    user,
    emulator,
  }) => {
    const [first, second] = await openSignedInTabs(user, 2)
    if (!first || !second) throw new Error('two tabs were asked for')
    expect(await first.evaluate(() => tab.call(1))).toEqual([200])
    expect(await second.evaluate(() => tab.call(1))).toEqual([200])
    expect(await storedKey(first)).toEqual({
      type: 'private',
      extractable: false,
      exported: 'InvalidAccessError',
    })

    await second.evaluate(() => tab.auth.refresh())
    await first.reload()
    expect(await first.evaluate(() => tab.call(2))).toEqual([200, 200])
    const token = await first.evaluate(() => tab.auth.getAccessToken())
    const stolen = await fetch(`${emulator.url}/v2/balance`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(stolen.status).toBe(401)
    expect(stolen.headers.get('www-authenticate')).toMatch(/^DPoP /)
  })

  test('learns a nonce once per server and tab, and shares one refresh among callers as ever', async ({
    user,
    emulator,
  }) => {
    const page = await openSignedIn(user)
    await page.evaluate(() => tab.call(1))
    await page.evaluate(() => tab.call(1))
    expect(statuses(emulator.requests({ endpoint: 'token' }))).toEqual([400, 200])
    expect(statuses(emulator.requests({ endpoint: 'balance' }))).toEqual([401, 200, 200])

    emulator.expireAccessTokens()
    emulator.clearRequests()
    expect(await page.evaluate(() => tab.call(20))).toEqual(Array.from({ length: 20 }, () => 200))
    expect(statuses(refreshesOf(emulator))).toEqual([200])
    expect(outcomesOf(await askInEach([page], 20)).size).toBe(1)
  })
})

describe('pushed authorization requests, with iss on the way back', () => {
  test.override('emulatorOptions', { par: { required: true }, issRedirectParameter: true, dpop: true })

  test('keep everything but the client and a reference out of the URL', async ({ user, emulator }) => {
    const page = await openSignedIn(user)
    expect(await page.evaluate(() => tab.call(1))).toEqual([200])
    expect(endpointsOf(emulator).slice(0, 3)).toEqual(['metadata', 'par', 'authorize'])
    const [push] = emulator.requests({ endpoint: 'par' })
    expect(push).toMatchObject({
      status: 201,
      params: { scope: 'billing.read', code_challenge_method: 'S256' },
    })
    const [authorize] = emulator.requests({ endpoint: 'authorize' })
    expect(Object.keys(authorize?.params ?? {}).sort()).toEqual(['client_id', 'request_uri'])
  })
})

describe('an ID token signed with an algorithm that no metadata list, of a server that demands a nonce', () => {
  test.override('emulatorOptions', {
    scopes: ['openid', 'billing.read'],
    openId: { idTokenAlgorithm: 'EdDSA', listAlgorithm: false, requireNonce: true },
  })
  // As a function: Vitest would take an object with this member for the options of the fixture.
  test.override('tabOptions', () => ({ scope: 'openid billing.read' }))

  test('says who signed in, after a refresh and a reload too', async ({ user }) => {
    const page = await openSignedIn(user)
    const subject = () =>
      page.evaluate(() => {
        const snapshot = tab.auth.getSnapshot()
        return snapshot.status === 'signed-in' ? snapshot.token.claims?.sub : undefined
      })
    const before = await subject()
    expect(before).toEqual(expect.any(String))
    await page.evaluate(() => tab.auth.refresh())
    expect(await subject()).toBe(before)
    await page.reload()
    await page.evaluate(() => tab.auth.ready())
    expect(await subject()).toBe(before)
  })
})
