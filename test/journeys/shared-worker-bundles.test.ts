import type { Emulator } from '@telnyx-oauth/emulator'
import type { Browser, Page } from 'playwright'
import { expect } from 'playwright/test'
import { describe, onTestFinished } from 'vitest'
import { configureTabs, createUser } from './support/browser-user.ts'
import { type BundleOptions, eventsOf, serveBundle } from './support/bundle-site.ts'
import { test } from './support/fixtures.ts'
import { refreshesOf, sendsPerToken } from './support/log.ts'
import { expectRenewal, openSignedIn, said } from './support/tab-pages.ts'
import { beginRefresh, refreshesFrom } from './support/worker-tabs.ts'

/** Signs in to an app that esbuild has bundled. A timer that lasts a second or longer never ends in it. */
async function openBundle(options: BundleOptions, browser: Browser, emulator: Emulator): Promise<Page> {
  const site = await serveBundle(options)
  onTestFinished(site.close)
  const user = await createUser(browser, site.origin)
  onTestFinished(user.leave)
  await configureTabs(user, emulator, {})
  await user.context.addInitScript(() => {
    const { setTimeout } = globalThis
    Object.assign(globalThis, {
      setTimeout: (...[listener, ms, ...given]: Parameters<typeof setTimeout>) =>
        Number(ms) < 1000 ? setTimeout(listener, ms, ...given) : 0,
    })
  })
  return openSignedIn(user)
}

describe.each(['esm', 'iife'] as const)('a bundle of esbuild, format %s', (format) => {
  test('with the script copied by its export: a reload in the middle of a refresh loses nothing', async ({
    browser,
    emulator,
  }) => {
    const page = await openBundle({ format, hasScript: true }, browser, emulator)
    const sent = refreshesFrom(page)
    const hold = emulator.hold('token', { grant: 'refresh_token', when: 'after' })
    await beginRefresh(page)
    await hold.arrived
    await page.reload()
    await expect(said(page)).toHaveText('signed-in')
    await beginRefresh(page)
    hold.release()
    await expectRenewal([page])
    expect([sent, sendsPerToken(emulator)]).toEqual([[], [1]])
  })

  test('without the script: no error in the console, and no refresh waits a second', async ({
    browser,
    emulator,
  }) => {
    const page = await openBundle({ format, hasScript: false }, browser, emulator)
    const sent = refreshesFrom(page)
    for (let time = 0; time < 2; time += 1) await page.evaluate(() => tab.auth.refresh())
    expect(sent).toHaveLength(2)
    expect(refreshesOf(emulator).map(({ status }) => status)).toEqual([200, 200])
  })
})

test('a bundle without import.meta.url says once why it has no worker', async ({ browser, emulator }) => {
  const page = await openBundle({ format: 'iife', hasScript: false }, browser, emulator)
  await expect
    .poll(() => eventsOf(page, 'shared-worker-unavailable'))
    .toEqual([expect.objectContaining({ reason: 'no-script-url' })])
})
