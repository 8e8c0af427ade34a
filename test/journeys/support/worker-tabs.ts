import type { Emulator } from '@telnyx-oauth/emulator'
import type { Browser, CDPSession, Page } from 'playwright'
import type { BrowserUser } from './browser-user.ts'
import { expect } from './expect.ts'
import { expectRenewal, said } from './tab-pages.ts'

/** Refresh requests of every page that the user opens from now on go through a SharedWorker. */
export async function useSharedWorker({ context }: BrowserUser): Promise<void> {
  await context.addInitScript(() => {
    globalThis.withSharedWorker = true
  })
}

/** The refresh requests that a page has sent itself, from now on. */
export function refreshesFrom(page: Page): readonly string[] {
  const sent: string[] = []
  page.on('request', (request) => {
    if (request.postData()?.includes('grant_type=refresh_token')) sent.push(request.url())
  })
  return sent
}

/** The URLs of the SharedWorkers of an origin that run in a browser. */
export async function workersOf(browser: Browser, origin: string): Promise<readonly string[]> {
  const devtools = await browser.newBrowserCDPSession()
  const workers = await workerTargets(devtools, origin)
  await devtools.detach()
  return workers.map(({ url }) => url)
}

async function workerTargets(devtools: CDPSession, origin: string) {
  const { targetInfos } = await devtools.send('Target.getTargets')
  return targetInfos.filter(({ type, url }) => type === 'shared_worker' && url.startsWith(origin))
}

/** Begins a refresh in a tab, and waits for nothing. */
export async function beginRefresh(page: Page): Promise<void> {
  await page.evaluate(() => {
    tab.auth.refresh().catch(() => {})
  })
}

/** Reloads a tab while its refresh is pending, and waits until it has the token of that refresh. */
export async function reloadDuringRefresh(page: Page, emulator: Emulator): Promise<void> {
  const hold = emulator.hold('token', { grant: 'refresh_token', when: 'after' })
  await beginRefresh(page)
  await hold.arrived
  await page.reload()
  await expect(said(page)).toHaveText('signed-in')
  await beginRefresh(page)
  hold.release()
  await expectRenewal([page])
}

/** Ends the SharedWorkers of an origin, as a lack of memory may. @returns when they are gone */
export async function endWorkers(browser: Browser, origin: string): Promise<void> {
  const devtools = await browser.newBrowserCDPSession()
  for (const { targetId } of await workerTargets(devtools, origin)) {
    await devtools.send('Target.closeTarget', { targetId })
  }
  await devtools.detach()
  await expect.poll(() => workersOf(browser, origin)).toEqual([])
}
