import type { Page } from 'playwright'
import { decide } from './support/demo-pages.ts'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'
import { endpointsOf } from './support/log.ts'
import type { Tab } from './support/tab-page/app.ts'
import { said } from './support/tab-pages.ts'

declare global {
  /** How many reports the page has missed. */
  var unheard: number
}

interface Opened {
  readonly popup: Page
  /** What the call that opened it said in the end: nothing, or the code of an error. */
  readonly outcome: Promise<string | undefined>
}

async function openPopup(page: Page, options: Parameters<Tab['signInWithPopup']>[0] = {}): Promise<Opened> {
  const opening = page.waitForEvent('popup')
  const outcome = page.evaluate((given) => tab.signInWithPopup(given), options)
  return { popup: await opening, outcome }
}

test('a person signs in through a window, which closes; the page that opened it stays as it is', async ({
  user,
  emulator,
}) => {
  const page = await user.open('/reports?page=2#total')
  const address = page.url()
  await page.evaluate(() => Object.assign(globalThis, { untouched: true }))
  const { popup, outcome } = await openPopup(page)
  const closed = popup.waitForEvent('close')
  await decide(popup, 'Allow')
  expect(await outcome).toBe(undefined)
  await closed
  await expect(said(page)).toHaveText('signed-in')
  expect([page.url(), await page.evaluate(() => 'untouched' in globalThis)]).toEqual([address, true])
  expect(endpointsOf(emulator).filter((endpoint) => endpoint === 'token')).toHaveLength(1)
})

test('a person who denies is told so in the page that opened the window', async ({ user, emulator }) => {
  const page = await user.open()
  const { popup, outcome } = await openPopup(page)
  const closed = popup.waitForEvent('close')
  await decide(popup, 'Deny')
  expect(await outcome).toBe('access_denied')
  await closed
  await expect(said(page)).toHaveText('signed-out access_denied')
  expect(emulator.requests({ endpoint: 'token' })).toEqual([])
})

test('a window that the person closes is popup_closed', async ({ user }) => {
  const page = await user.open()
  const { popup, outcome } = await openPopup(page)
  await popup.getByRole('button', { name: 'Allow' }).waitFor()
  await popup.close()
  expect(await outcome).toBe('popup_closed')
  await expect(said(page)).toHaveText('signed-out popup_closed')
})

test('a window that the browser blocks is popup_blocked, and nothing was asked for', async ({
  wholeBrowserUser: user,
  emulator,
}) => {
  const page = await user.open()
  const outcome = await page.evaluate(() => {
    // A click is good for one window.
    open('', '', 'popup')?.close()
    return tab.signInWithPopup()
  })
  expect(outcome).toBe('popup_blocked')
  expect(emulator.requests()).toEqual([])
})

test('a window that the browser blocks becomes a redirect where the app asked for that', async ({
  wholeBrowserUser: user,
}) => {
  const page = await user.open('/reports')
  await page.evaluate(() => {
    open('', '', 'popup')?.close()
    void tab.signInWithPopup({ whenBlocked: 'redirect' })
  })
  await decide(page, 'Allow')
  await expect(said(page)).toHaveText('signed-in')
  await expect(page).toHaveURL(/\/reports$/)
})

test('an aborted sign-in closes its window', async ({ user }) => {
  const page = await user.open()
  const opening = page.waitForEvent('popup')
  const outcome = page.evaluate(() => {
    const controller = new AbortController()
    addEventListener('abort-sign-in', () => controller.abort(new Error('changed my mind')))
    return tab.signInWithPopup({ signal: controller.signal })
  })
  const popup = await opening
  await popup.getByRole('button', { name: 'Allow' }).waitFor()
  const closed = popup.waitForEvent('close')
  await page.evaluate(() => dispatchEvent(new Event('abort-sign-in')))
  expect(await outcome).toBe('changed my mind')
  await closed
})

test('the window stays until the page that opened it has heard', async ({ user }) => {
  const page = await user.open()
  await page.evaluate(() => {
    globalThis.unheard = 0
    Object.defineProperty(BroadcastChannel.prototype, 'onmessage', {
      set(this: BroadcastChannel, hear: (event: MessageEvent) => void) {
        this.addEventListener('message', (event) => {
          if (globalThis.unheard < 3 && this.name.includes('popup')) globalThis.unheard += 1
          else hear(event)
        })
      },
    })
  })
  const { popup, outcome } = await openPopup(page)
  const closed = popup.waitForEvent('close')
  await decide(popup, 'Allow')
  expect(await outcome).toBe(undefined)
  expect(await page.evaluate(() => globalThis.unheard)).toBe(3)
  await closed
})

test('where nobody hears it any more, the window goes on as a tab of the app', async ({ user }) => {
  const page = await user.open()
  const { popup, outcome } = await openPopup(page, { returnTo: '/reports' })
  outcome.catch(() => {})
  await popup.getByRole('button', { name: 'Allow' }).waitFor()
  await page.reload()
  await decide(popup, 'Allow')
  await popup.waitForURL('**/reports')
  for (const tab of [popup, page]) await expect(said(tab)).toHaveText('signed-in')
})
