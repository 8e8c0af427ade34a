import { readFile } from 'node:fs/promises'
import type { Locator, Page } from 'playwright'
import { describe, onTestFinished } from 'vitest'
import type { BrowserUser } from './support/browser-user.ts'
import { decide, pressByKeyboard } from './support/demo-pages.ts'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'
import { refreshesOf } from './support/log.ts'
import { violations } from './support/violations.ts'

const toggle = (page: Page, state: string): Locator =>
  page.getByRole('button', { name: `Telnyx OAuth: ${state}` })
const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true })
/** The newest row of the refreshes: who, lock wait, requests, outcome. */
const newestRow = (page: Page): Locator => page.getByRole('row').nth(1)

async function showDevtools({ context }: BrowserUser): Promise<void> {
  await context.addInitScript(() => {
    globalThis.withDevtools = true
  })
}

/** Opens the page and its panel, and signs in by it if nobody is. */
async function openSignedIn(user: BrowserUser): Promise<Page> {
  const page = await user.open()
  await toggle(page, 'signed out').click()
  await button(page, 'Sign in').click()
  await decide(page, 'Allow')
  await toggle(page, 'signed in').click()
  return page
}

describe('the devtools of a production build', () => {
  test.override('siteName', 'devtools-page')

  test('are not there, and nobody loads their code, unless the app asks for them', async ({ user }) => {
    const panels: string[] = []
    user.context.on('request', (request) => {
      if (request.url().includes('devtools-panel')) panels.push(request.url())
    })
    const page = await user.open()
    await expect.poll(() => page.evaluate(async () => (await indexedDB.databases()).length)).toBe(1)
    expect([await page.locator('[data-telnyx-auth-devtools]').count(), panels]).toEqual([0, []])

    await showDevtools(user)
    await page.reload()
    await expect(toggle(page, 'signed out')).toBeVisible()
    expect(panels).toHaveLength(1)
  })

  test('are styled and complain of nothing where policy and Trusted Types are strict', async ({ user }) => {
    await showDevtools(user)
    const page = await openSignedIn(user)
    const { position, color } = await page
      .getByRole('region', { name: 'Telnyx OAuth devtools' })
      .evaluate((element) => ({ ...getComputedStyle(element) }) as CSSStyleDeclaration)
    expect([position, color]).toEqual(['fixed', 'rgb(20, 32, 27)'])
  })

  test('would be heard if they broke that policy', async ({ browser, site }) => {
    const page = await browser.newPage()
    onTestFinished(() => page.close())
    await page.goto(site.origin)
    const complaint = page.waitForEvent('console', (message) => message.type() === 'error')
    await page.evaluate(() => document.body.append(document.createElement('style')))
    expect((await complaint).text()).toContain("style-src 'self'")
  })

  test('have nothing that axe finds fault with, open or closed, light or dark', async ({ user }) => {
    await showDevtools(user)
    const page = await openSignedIn(user)
    await button(page, 'Refresh').click()
    await expect(newestRow(page)).toContainText('renewed')
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await expect(button(page, 'Refresh')).toBeHidden()
    expect(await violations(page)).toEqual([])
  })

  test('need no mouse: sign in, expire, refresh, scroll, close', async ({ user, emulator }) => {
    await showDevtools(user)
    const page = await user.open()
    await pressByKeyboard(page, 'Telnyx OAuth: signed out')
    await pressByKeyboard(page, 'Sign in')
    await decide(page, 'Allow')
    await pressByKeyboard(page, 'Telnyx OAuth: signed in')
    await pressByKeyboard(page, 'Expire')
    await expect(toggle(page, 'expired')).toBeVisible()
    expect(refreshesOf(emulator)).toHaveLength(0)
    await pressByKeyboard(page, 'Refresh')
    await expect(toggle(page, 'signed in')).toBeVisible()
    expect(refreshesOf(emulator)).toHaveLength(1)

    const sections = page.getByRole('region', { name: 'What the client knows' })
    await sections.focus()
    await page.keyboard.press('End')
    await expect.poll(() => sections.evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(0)
    await page.keyboard.press('Escape')
    await expect(button(page, 'Refresh')).toBeHidden()
    await expect(toggle(page, 'signed in')).toBeFocused()
  })

  test('tell which of two tabs refreshed, and that the other one waited for it', async ({
    user,
    emulator,
  }) => {
    await showDevtools(user)
    const first = await openSignedIn(user)
    const second = await user.open()
    await toggle(second, 'signed in').click()
    const hold = emulator.hold('token')
    await button(first, 'Refresh').click()
    await hold.arrived
    await button(second, 'Refresh').click()
    await expect(toggle(second, 'refreshing')).toBeVisible()
    hold.release()

    await expect(newestRow(first)).toContainText(/this tab\d+ ms1renewed$/)
    await expect(newestRow(second)).toContainText(/another tab\d+ ms0renewed$/)
    expect(refreshesOf(emulator)).toHaveLength(1)
  })
})

describe('after a diagnosis, of whose made-up tokens the browser notes the refusals', () => {
  test.override({ siteName: 'devtools-page', userOptions: { mayFail: true } })

  test('the report holds no token, code or verifier, and neither does the panel', async ({ user }) => {
    await showDevtools(user)
    const page = await openSignedIn(user)
    await button(page, 'Refresh').click()
    await expect(newestRow(page)).toContainText('renewed')
    await button(page, 'Diagnose').click()
    await expect(page.getByRole('list', { name: 'Findings' })).toBeVisible()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      button(page, 'Export report').click(),
    ])
    expect(download.suggestedFilename()).toMatch(/^telnyx-oauth-report-\d+\.json$/)
    const report = await readFile(await download.path(), 'utf8')
    expect(JSON.parse(report)).toMatchObject({
      page: { origin: new URL(page.url()).origin },
      snapshot: { status: 'signed-in', token: { scopes: ['billing.read'] } },
      findings: expect.arrayContaining([expect.objectContaining({ check: 'token-endpoint', result: 'ok' })]),
      events: expect.arrayContaining([expect.objectContaining({ type: 'token-renewed', by: 'this-tab' })]),
    })
    const shown = await page.getByRole('region', { name: 'Telnyx OAuth devtools' }).innerText()
    const secrets = await user.secrets()
    // A code, a verifier, two pairs of tokens, and what the diagnosis made up.
    expect(secrets.size).toBe(8)
    for (const secret of secrets) {
      expect(report).not.toContain(secret)
      expect(shown).not.toContain(secret)
    }
  })
})
