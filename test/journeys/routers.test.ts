import type { Emulator } from '@telnyx-oauth/emulator'
import type { Page } from 'playwright'
import { describe } from 'vitest'
import type { BrowserUser } from './support/browser-user.ts'
import { decide } from './support/demo-pages.ts'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'
import { endpointsOf } from './support/log.ts'
import type { RouterOptions } from './support/router-page/app.tsx'

const snapshotOf = (page: Page) => page.locator('output')
const titleOf = (page: Page) => page.locator('#root h1')

async function openApp(user: BrowserUser, path: string, options: RouterOptions): Promise<Page> {
  await user.context.addInitScript((given) => {
    globalThis.routerOptions = given
  }, options)
  return user.open(path)
}

const leave = (page: Page) => page.getByRole('button', { name: 'Leave to sign in' }).click()

/** The address of the page behind the origin. */
const addressOf = (page: Page) => page.url().slice(new URL(page.url()).origin.length)

/** Visits of the authorization endpoint and token requests, in order. */
const visitsOf = (emulator: Emulator) =>
  endpointsOf(emulator).filter((endpoint) => endpoint === 'authorize' || endpoint === 'token')

const ROUTERS: readonly RouterOptions['router'][] = [
  'BrowserRouter',
  'the data router',
  'TanStack Router',
  'HashRouter',
]

describe.each(ROUTERS)('%s replaces unknown paths by "/"', (router) => {
  test.override({ siteName: 'router-page' })
  const start = router === 'HashRouter' ? '/#/list?page=2' : '/list?page=2#row-7'

  test.for([false, true])(
    'the user is back where they were (guarded: %s)',
    async (isGuarded, { user, emulator }) => {
      const page = await openApp(user, start, { router, isGuarded })
      if (!isGuarded) await leave(page)
      await decide(page, 'Allow')
      await expect(snapshotOf(page)).toHaveText('signed-in')
      await expect(titleOf(page)).toHaveText('List')
      expect(addressOf(page)).toBe(start)
      expect(visitsOf(emulator)).toEqual(['authorize', 'token'])
    },
  )
})

describe('a window of signInWithPopup', () => {
  test.override({ siteName: 'router-page' })

  test('closes with the user signed in, although its router has replaced the response', async ({ user }) => {
    const page = await openApp(user, '/list', { router: 'BrowserRouter' })
    const opening = page.waitForEvent('popup')
    await page.getByRole('button', { name: 'Sign in through a window' }).click()
    const popup = await opening
    const closing = popup.waitForEvent('close')
    await decide(popup, 'Allow')
    await closing
    await expect(snapshotOf(page)).toHaveText('signed-in')
    expect(addressOf(page)).toBe('/list')
  })
})

describe('while the code is exchanged', () => {
  test.override({ siteName: 'router-page' })

  test('a wake-up and a message of another tab send no guard to the server', async ({ user, emulator }) => {
    const hold = emulator.hold('token')
    const page = await openApp(user, '/list', { router: 'BrowserRouter', isGuarded: true })
    await decide(page, 'Allow')
    await hold.arrived
    await page.evaluate((issuer) => {
      document.dispatchEvent(new Event('visibilitychange'))
      dispatchEvent(new Event('online'))
      const channel = new BroadcastChannel(`telnyx-oauth-2 ${JSON.stringify([issuer, 'telnyx-demo', ''])}`)
      channel.postMessage({ generation: 1, sessionId: 'another' })
    }, emulator.issuer)
    hold.release()
    await expect(titleOf(page)).toHaveText('List')
    expect(visitsOf(emulator)).toEqual(['authorize', 'token'])
  })

  test('the route of the redirect URI is shown, and the console tells no code', async ({
    user,
    emulator,
  }) => {
    const hold = emulator.hold('token')
    const page = await openApp(user, '/list', {
      router: 'BrowserRouter',
      hasCatchAll: false,
      hasCallbackRoute: true,
    })
    await leave(page)
    await decide(page, 'Allow')
    await hold.arrived
    await expect(page.locator('main')).toHaveText('One moment…')
    hold.release()
    await expect(titleOf(page)).toHaveText('List')
  })
})

const redirectingTo = (...paths: readonly string[]) => ({
  clients: [
    {
      clientId: 'telnyx-demo',
      name: 'An app',
      redirectUris: paths.map((path) => `http://localhost:5173${path}`),
    },
  ],
})

describe('an app under /app/', () => {
  test.override({ siteName: 'router-page', emulatorOptions: redirectingTo('/app/', '/app/callback') })

  describe('whose redirect URI is its own page', () => {
    test.override({ tabOptions: { redirectUri: '/app/' } })

    test('leads back to the route behind the hash', async ({ user }) => {
      const page = await openApp(user, '/app/#/list?tab=1', { router: 'HashRouter' })
      await leave(page)
      await decide(page, 'Allow')
      await expect(snapshotOf(page)).toHaveText('signed-in')
      await expect(titleOf(page)).toHaveText('List')
      expect(addressOf(page)).toBe('/app/#/list?tab=1')
    })
  })

  describe('whose redirect URI is /app/callback', () => {
    test.override({ tabOptions: { redirectUri: '/app/callback' } })
    const app: RouterOptions = { router: 'BrowserRouter', basename: '/app' }

    test('keeps the place of a user who denies, reloads and signs in', async ({ user }) => {
      const page = await openApp(user, '/app/list?page=2', app)
      await leave(page)
      await decide(page, 'Deny')
      await expect(snapshotOf(page)).toHaveText('signed-out access_denied')
      await page.reload()
      await expect(snapshotOf(page)).toHaveText('signed-out access_denied')
      await leave(page)
      await decide(page, 'Allow')
      await expect(snapshotOf(page)).toHaveText('signed-in')
      await expect(titleOf(page)).toHaveText('List')
      expect(addressOf(page)).toBe('/app/list?page=2')
    })

    describe('and whose router gets return paths by the option navigate', () => {
      test.override({ tabOptions: { redirectUri: '/app/callback', homePath: '/app/' } })

      test('leads back through the router, which adds its base itself', async ({ user }) => {
        const page = await openApp(user, '/app/list?page=2', {
          ...app,
          router: 'the data router',
          hasNavigate: true,
        })
        await leave(page)
        await decide(page, 'Allow')
        await expect(snapshotOf(page)).toHaveText('signed-in')
        await expect(titleOf(page)).toHaveText('List')
        expect(addressOf(page)).toBe('/app/list?page=2')
      })
    })

    test('leads a stale response to its home page', async ({ user }) => {
      const page = await openApp(user, '/app/callback?code=spent&state=tx1.another', {
        ...app,
        hasCallbackRoute: true,
      })
      await expect(snapshotOf(page)).toHaveText('signed-out transaction_not_found')
      await expect(titleOf(page)).toHaveText('Home')
      expect(addressOf(page)).toBe('/app/')
    })
  })
})

describe('a sign-out', () => {
  // The site has no such page: it is asked for, which is the point.
  test.override({ siteName: 'router-page', userOptions: { mayFail: true } })

  test('loads the page that it leads to', async ({ user }) => {
    const page = await openApp(user, '/list', { router: 'BrowserRouter', hasCallbackRoute: true })
    await leave(page)
    await decide(page, 'Allow')
    await expect(snapshotOf(page)).toHaveText('signed-in')
    const loading = page.waitForRequest('**/logged-out.html')
    await page.evaluate(() => {
      setTimeout(() => auth.signOut({ returnTo: '/logged-out.html' }))
    })
    await loading
  })
})

describe('a static host', () => {
  test.override({ siteName: 'router-page' })

  test('that adds a slash to the redirect URI: the user is signed in', async ({ user, site, emulator }) => {
    const page = await openApp(user, '/list', { router: 'BrowserRouter' })
    await leave(page)
    const response = page.waitForRequest((request) => request.url().startsWith(`${site.origin}/callback?`))
    await page.route('**/callback?*', (route) => route.abort())
    await decide(page, 'Allow')
    const url = (await response).url()
    await page.unroute('**/callback?*')
    await page.goto(url.replace('/callback?', '/callback/?'))
    await expect(snapshotOf(page)).toHaveText('signed-in')
    expect(addressOf(page)).toBe('/list')
    expect(visitsOf(emulator)).toEqual(['authorize', 'token'])
  })
})

describe('a server that drops the state', () => {
  test('is visited once by the ten lines of the README', async ({ user, emulator, site }) => {
    await user.context.addInitScript(() => {
      addEventListener('load', async () => {
        if (!globalThis.tab) return
        const { status, error } = await tab.auth.ready()
        if (status === 'signed-out' && !error) await tab.auth.signIn()
        if (status === 'signed-in') await tab.auth.fetch('https://api.telnyx.com/v2/phone_numbers')
      })
    })
    const page = await user.open('/list')
    await page.getByRole('button', { name: 'Allow' }).waitFor()
    await page.goto(`${site.origin}/callback?code=x`)
    await expect(snapshotOf(page)).toHaveText('signed-out callback_invalid')
    expect(addressOf(page)).toBe('/list')
    expect(visitsOf(emulator)).toEqual(['authorize'])
  })
})
