import type { RegisterOptions } from '@telnyx-oauth/core/register'
import type { Emulator } from '@telnyx-oauth/emulator'
import { describe } from 'vitest'
import type { BrowserUser } from './support/browser-user.ts'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'
import { refreshesOf } from './support/log.ts'
import { storedText } from './support/site-data.ts'
import { openSignedIn, said } from './support/tab-pages.ts'

/** Every page that the user opens from now on registers itself. */
async function registerPages(
  { context }: BrowserUser,
  { issuer }: Emulator,
  more: Partial<RegisterOptions> = {},
): Promise<void> {
  const options: RegisterOptions = {
    issuer,
    redirectUri: '/callback',
    clientName: 'Journey',
    scope: 'billing.read',
    ...more,
  }
  await context.addInitScript((given) => {
    globalThis.registration = given
  }, options)
}

/** The registrations that reached the server. */
const registrationsOf = (emulator: Emulator) => emulator.requests({ endpoint: 'register' })

/** The ids of the clients for which tokens were asked. */
const clientsOf = (emulator: Emulator) =>
  new Set(emulator.requests({ endpoint: 'token' }).map(({ clientId }) => clientId))

describe('an app that registers itself', () => {
  test('does so once: for the sign-in, the way back, a reload and another tab', async ({
    user,
    emulator,
  }) => {
    await registerPages(user, emulator)
    const page = await openSignedIn(user)
    await page.reload()
    await expect(said(page)).toHaveText('signed-in')
    const other = await user.open()
    await expect(said(other)).toHaveText('signed-in')
    await other.evaluate(() => tab.auth.refresh())
    expect(await other.evaluate(() => tab.call(1))).toEqual([200])
    expect(refreshesOf(emulator)).toHaveLength(1)
    expect(registrationsOf(emulator).map(({ status }) => status)).toEqual([201])
    const registered = emulator.clients.filter(({ name }) => name === 'Journey')
    expect(registered).toMatchObject([{ client_type: 'public', client_secret: null }])
    expect(clientsOf(emulator)).toEqual(new Set(registered.map(({ client_id }) => client_id)))
  })

  test('in three tabs at once sends one request', async ({ user, emulator }) => {
    await registerPages(user, emulator)
    const pages = await Promise.all([user.open(), user.open(), user.open()])
    for (const page of pages) await expect(said(page)).toHaveText('signed-out')
    expect(registrationsOf(emulator)).toHaveLength(1)
  })
})

describe('an app that keeps nothing', () => {
  test.override({ tabOptions: { storage: 'memory' } })

  test('registers once per tab: its client outlives the way to the server and back', async ({
    user,
    emulator,
  }) => {
    await registerPages(user, emulator, { storage: 'memory' })
    const page = await openSignedIn(user)
    expect(await page.evaluate(() => tab.call(1))).toEqual([200])
    expect(registrationsOf(emulator)).toHaveLength(1)
    expect(await storedText(page)).toBe('[]')
  })
})

describe('a client that the server forgot', () => {
  test.override({ userOptions: { mayFail: true } })

  test('is found out by a refresh, healed once for all tabs, and the person signs in again', async ({
    user,
    emulator,
  }) => {
    await registerPages(user, emulator)
    const page = await openSignedIn(user)
    const other = await user.open()
    await expect(said(other)).toHaveText('signed-in')
    const lost = [...clientsOf(emulator)]
    emulator.reset()

    const healed = await page.evaluate(() => tab.reregister())
    expect([undefined, ...lost]).not.toContain(healed)
    expect(await other.evaluate(() => tab.reregister()), 'the other tab gets the same one').toBe(healed)
    expect(registrationsOf(emulator)).toHaveLength(1)

    await other.close()
    await page.close()
    const again = await openSignedIn(user)
    await again.evaluate(() => tab.auth.refresh())
    expect(await again.evaluate(() => tab.call(1))).toEqual([200])
    expect(registrationsOf(emulator)).toHaveLength(1)
    const exchange = emulator.requests({ endpoint: 'token', grant: 'authorization_code' })
    expect(exchange.map(({ clientId, status }) => [clientId, status])).toEqual([[healed, 200]])

    emulator.reset()
    expect(
      await again.evaluate(() => tab.reregister()),
      'a healed client is not healed again',
    ).toBeUndefined()
    expect(registrationsOf(emulator)).toEqual([])
  })
})

describe('a server', () => {
  test.override({
    emulatorOptions: { rateLimits: { register: { limit: 1, windowSeconds: 3600 } } },
    userOptions: { mayFail: true },
  })

  test('that answers with a secret is refused, and the secret is nowhere', async ({ user, emulator }) => {
    await registerPages(user, emulator)
    const secret = 'SENTINEL-client-secret'
    emulator.fail('register', {
      status: 201,
      body: { client_id: 'x', client_secret: secret, token_endpoint_auth_method: 'client_secret_basic' },
    })
    const page = await user.open()
    await expect(said(page)).toHaveText('unregistered registration_unusable')
    const stored = await storedText(page)
    expect(stored).toContain('registration_endpoint')
    expect(stored).not.toContain(secret)
    expect(user.said.length).toBeGreaterThan(0)
    expect(user.said.join('\n')).not.toContain(secret)
  })

  test('that cannot be asked, for want of the code, may be asked again later', async ({ user, emulator }) => {
    await registerPages(user, emulator)
    await user.context.route(/\/assets\/register-/, (route) => route.abort())
    const page = await user.open()
    await expect(said(page)).toHaveText('unregistered network_error')
    await user.context.unrouteAll()
    await page.reload()
    await expect(said(page)).toHaveText('signed-out')
    expect(registrationsOf(emulator)).toHaveLength(1)
  })

  test('that registers no more for now is not asked by every page load', async ({ user, emulator }) => {
    const stranger = { redirect_uris: ['http://localhost/callback'], token_endpoint_auth_method: 'none' }
    const { status } = await fetch(`${emulator.issuer}/v2/oauth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(stranger),
    })
    expect(status).toBe(201)
    await registerPages(user, emulator)
    const page = await user.open()
    await expect(said(page)).toHaveText('unregistered server_unavailable')
    await page.reload()
    await expect(said(page)).toHaveText('unregistered server_unavailable')
    expect(registrationsOf(emulator).map((request) => request.status)).toEqual([201, 429])
    expect(user.said.join('\n')).toContain('"retryAfterMs":')
  })
})
