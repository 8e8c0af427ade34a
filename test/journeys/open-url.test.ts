import type { Browser, Page } from 'playwright'
import { expect } from 'playwright/test'
import { describe } from 'vitest'
import { decide } from './support/demo-pages.ts'
import { test } from './support/fixtures.ts'
import { endpointsOf } from './support/log.ts'
import { openSignedOut, said } from './support/tab-pages.ts'

const redirectUri = 'com.example.app:/callback'

declare global {
  /** The URL that the page has asked for in place of leaving for it, and how that sign-in ended. */
  var opened: { url?: string; end?: string }
}

/** Begins a sign-in that the page does not leave for. @returns the URL that it asks the system to open */
async function beginOutside(page: Page): Promise<string> {
  await page.evaluate(() => {
    globalThis.opened = {}
    const openUrl = (url: string) => Object.assign(opened, { url })
    tab.auth.signIn({ openUrl, returnTo: '/reports?page=2' }).then(
      () => Object.assign(opened, { end: 'signed in' }),
      (error) => Object.assign(opened, { end: error.code }),
    )
  })
  const url = await page.waitForFunction(() => opened.url)
  return String(await url.jsonValue())
}

/** Plays the browser outside of the app, which shares nothing with it. @returns the link with which it calls the app */
async function decideOutside(browser: Browser, url: string, decision: 'Allow' | 'Deny'): Promise<string> {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(url)
  const calling = page.waitForResponse((response) => !!response.headers().location?.startsWith(redirectUri))
  await decide(page, decision)
  const link = (await calling).headers().location
  await context.close()
  return String(link)
}

/** Hands a link to the app, as the system does. @returns `signed in`, or the code of the error */
const handOver = (page: Page, link: string): Promise<string> =>
  page.evaluate(
    (url) =>
      tab.auth.finishSignIn(url).then(
        () => 'signed in',
        (error) => String(error.code),
      ),
    link,
  )

describe('an app whose redirect URI has a private-use scheme', () => {
  test.override({
    emulatorOptions: { clients: [{ clientId: 'telnyx-demo', name: 'App', redirectUris: [redirectUri] }] },
    tabOptions: { redirectUri },
  })

  test('the user signs in in a browser outside of it: the page that waits is signed in and stays', async ({
    user,
    browser,
    emulator,
  }) => {
    const page = await openSignedOut(user)
    const address = page.url()
    const link = await decideOutside(browser, await beginOutside(page), 'Allow')
    expect(await handOver(page, link)).toBe('signed in')
    await page.waitForFunction(() => opened.end === 'signed in')
    await expect(said(page)).toHaveText('signed-in')
    expect(page.url()).toBe(address)
    expect(await handOver(page, link), 'the link once more').toBe('transaction_not_found')
    await expect(said(page)).toHaveText('signed-in')
    expect(endpointsOf(emulator).filter((endpoint) => endpoint === 'token')).toHaveLength(1)
  })

  test('the user denies there: the page that waits says so', async ({ user, browser, emulator }) => {
    const page = await openSignedOut(user)
    const link = await decideOutside(browser, await beginOutside(page), 'Deny')
    expect(await handOver(page, link)).toBe('access_denied')
    await page.waitForFunction(() => opened.end === 'access_denied')
    await expect(said(page)).toHaveText('signed-out access_denied')
    expect(emulator.requests({ endpoint: 'token' })).toEqual([])
  })

  test('the system ends the app meanwhile: its next process is signed in, where the user was', async ({
    user,
    browser,
  }) => {
    const first = await openSignedOut(user)
    const url = await beginOutside(first)
    await first.close()
    const link = await decideOutside(browser, url, 'Allow')
    const page = await openSignedOut(user)
    expect(await handOver(page, link)).toBe('signed in')
    await expect(said(page)).toHaveText('signed-in')
    await expect(page).toHaveURL(new URL('/reports?page=2', page.url()).href)
  })

  test('a link that another user began signs nobody in, and the code is not sent', async ({
    user,
    browser,
    emulator,
  }) => {
    const [page, waiting] = [await openSignedOut(user), await openSignedOut(user)]
    await beginOutside(waiting)
    const link = await decideOutside(browser, await beginOutside(page), 'Allow')
    const foreign = link.replace(/state=[^&]*/, `state=tx1.${'x'.repeat(43)}`)
    expect(await handOver(waiting, foreign)).toBe('transaction_not_found')
    await expect(said(waiting)).toHaveText('signed-out')
    expect(emulator.requests({ endpoint: 'token' })).toEqual([])
  })
})
