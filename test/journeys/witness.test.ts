import { expect } from 'playwright/test'
import { launchBrowser } from './support/browser.ts'
import { openSignedIn } from './support/tab-pages.ts'
import { configureTabs, test } from './support/tab-test.ts'
import { visitAfresh } from './support/visitor.ts'

// Every other journey trusts this search: it must find what it looks for.
test('the search for secrets finds a token, a code and a verifier that a page tells or shows', async ({
  site,
  emulator,
}) => {
  const browser = await launchBrowser()
  const visitor = await visitAfresh(browser, site.origin)
  await configureTabs(visitor, emulator, {})
  const exchange = visitor.context.waitForEvent(
    'request',
    (request) => request.method() === 'POST' && request.url().endsWith('/v2/oauth/token'),
  )
  const page = await openSignedIn(visitor)
  const sent = new URLSearchParams((await exchange).postData() ?? '')
  const token = await page.evaluate(() => tab.auth.getAccessToken())
  expect(await visitor.secrets()).toEqual(
    new Set([sent.get('code'), sent.get('code_verifier'), token, expect.any(String)]),
  )
  expect(await visitor.leaks()).toEqual([])
  const told = [token, sent.get('code') ?? '', sent.get('code_verifier') ?? ''].map(
    (secret) => `got ${secret}!`,
  )
  // biome-ignore lint/suspicious/noConsole: this is the page's console
  for (const words of told) await page.evaluate((text) => console.debug(text), words)
  expect(await visitor.leaks()).toEqual(told)
  await page.evaluate((code) => history.pushState(null, '', `?leaked=${code}`), sent.get('code'))
  expect(await visitor.leaks()).toContain(page.url())
  await visitor.context.close()
  // Whoever forgets to leave, and to look, fails when the browser is closed.
  await expect(browser.close()).rejects.toThrow(/got /)
})

test('an error in the console fails the journey', async ({ browser, site, emulator }) => {
  const visitor = await visitAfresh(browser, site.origin)
  await configureTabs(visitor, emulator, {})
  const page = await visitor.open()
  // biome-ignore lint/suspicious/noConsole: this is the page's console
  await page.evaluate(() => console.warn('something is wrong'))
  await expect(visitor.leave()).rejects.toThrow(/something is wrong/)
})
