import { launchBrowser } from './support/browser.ts'
import { configureTabs, createUser } from './support/browser-user.ts'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'
import { openSignedIn } from './support/tab-pages.ts'

// Every other journey trusts this search: it must find what it looks for.
test('the search for secrets finds a token, a code and a verifier that a page tells, shows or keeps', async ({
  site,
  emulator,
}) => {
  const browser = await launchBrowser()
  const user = await createUser(browser, site.origin)
  await configureTabs(user, emulator, {})
  const exchange = user.context.waitForEvent(
    'request',
    (request) => request.method() === 'POST' && request.url().endsWith('/v2/oauth/token'),
  )
  const page = await openSignedIn(user)
  const sent = new URLSearchParams((await exchange).postData() ?? '')
  const token = await page.evaluate(() => tab.auth.getAccessToken())
  expect(await user.secrets()).toEqual(
    new Set([sent.get('code'), sent.get('code_verifier'), token, expect.any(String)]),
  )
  expect(await user.leaks()).toEqual([])
  const told = [token, sent.get('code') ?? '', sent.get('code_verifier') ?? ''].map(
    (secret) => `got ${secret}!`,
  )
  // biome-ignore lint/suspicious/noConsole: this is the page's console
  for (const words of told) await page.evaluate((text) => console.debug(text), words)
  expect(await user.leaks()).toEqual(told)
  await page.evaluate((code) => history.pushState(null, '', `?leaked=${code}`), sent.get('code'))
  expect(await user.leaks()).toContain(page.url())
  await page.evaluate((code) => history.replaceState({ from: code }, '', '/'), sent.get('code'))
  expect(await user.leaks()).toContain(JSON.stringify({ from: sent.get('code') }))
  await page.evaluate((code) => {
    history.replaceState(null, '', `/?leaked=${code}`)
    setTimeout(() => location.assign('/next'))
  }, sent.get('code'))
  await page.waitForURL('**/next')
  expect(await user.leaks()).toContain(`${site.origin}/?leaked=${sent.get('code')}`)
  await user.context.close()
  // Whoever forgets to leave, and to look, fails when the browser is closed.
  await expect(browser.close()).rejects.toThrow(/got /)
})

test('an error in the console fails the journey', async ({ browser, site, emulator }) => {
  const user = await createUser(browser, site.origin)
  await configureTabs(user, emulator, {})
  const page = await user.open()
  // biome-ignore lint/suspicious/noConsole: this is the page's console
  await page.evaluate(() => console.warn('something is wrong'))
  await expect(user.leave()).rejects.toThrow(/something is wrong/)
})
