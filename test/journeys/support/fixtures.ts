import type { TelnyxAuthOptions } from '@telnyx-oauth/core'
import { createEmulator, type Emulator, type EmulatorOptions } from '@telnyx-oauth/emulator'
import type { Browser } from 'playwright'
import { type TestAPI, test as vitestTest } from 'vitest'
import { launchBrowser } from './browser.ts'
import {
  type BrowserUser,
  configureTabs,
  createUser,
  createWholeBrowserUser,
  type UserOptions,
} from './browser-user.ts'
import type { SiteName } from './build-sites.ts'
import { closeContexts } from './leak-detector.ts'
import type { Site } from './listen-on.ts'
import { serveSite } from './site.ts'

interface WorkerFixtures {
  /** One Chromium for all files that a process of Vitest runs. */
  readonly chromium: Browser
}

interface FileFixtures {
  /** That Chromium. After the last test of a file its contexts are searched for secrets and closed. */
  readonly browser: Browser
}

interface TestFixtures {
  readonly emulatorOptions: EmulatorOptions
  readonly emulator: Emulator
  readonly userOptions: UserOptions
  readonly siteName: SiteName
  /** The site of `siteName`. */
  readonly site: Site
  /** Options of every client of `user`, beside those that name the emulator. */
  readonly tabOptions: Partial<TelnyxAuthOptions>
  /** A user with a fresh browser profile, at `site`. Whatever their pages complain about fails the test. */
  readonly user: BrowserUser
  /** The same in a whole Chromium of their own. */
  readonly wholeBrowserUser: BrowserUser
  /** The console: the demo, which signs in at the emulator. */
  readonly consoleSite: Site & { issuer: string }
  /** A user with a fresh browser profile, at the console. */
  readonly consoleUser: BrowserUser
  /** The same in a whole Chromium of their own. */
  readonly wholeConsoleUser: BrowserUser
}

/**
 * A journey: pages in Chromium, and the server that they sign in at. An option is set by `test.override` inside a
 * `describe`: beside one it would hold for the next file of the process too.
 */
export const test: TestAPI<WorkerFixtures & FileFixtures & TestFixtures> = vitestTest.extend<{
  $worker: WorkerFixtures
  $file: FileFixtures
  $test: TestFixtures
}>({
  chromium: [
    // biome-ignore lint/correctness/noEmptyPattern: Vitest reads what a fixture needs off this pattern
    async ({}, use) => {
      const browser = await launchBrowser()
      await use(browser)
      await browser.close()
    },
    { scope: 'worker' },
  ],
  browser: [
    async ({ chromium }, use) => {
      await use(chromium)
      await closeContexts(chromium)
    },
    { scope: 'file' },
  ],
  emulatorOptions: {},
  emulator: async ({ emulatorOptions, consoleSite }, use) => {
    const emulator = createEmulator({ ...emulatorOptions, port: 0 })
    await emulator.start()
    consoleSite.issuer = emulator.issuer
    await use(emulator)
    await emulator.stop()
  },
  userOptions: {},
  siteName: 'tab-page',
  site: async ({ siteName }, use) => {
    const site = await serveSite(siteName)
    await use(site)
    await site.close()
  },
  tabOptions: {},
  user: async ({ browser, site, emulator, tabOptions, userOptions }, use) => {
    const user = await createUser(browser, site.origin, userOptions)
    await configureTabs(user, emulator, tabOptions)
    await use(user)
    await user.leave()
  },
  wholeBrowserUser: async ({ site, emulator, tabOptions, userOptions }, use) => {
    const user = await createWholeBrowserUser(site.origin, userOptions)
    await configureTabs(user, emulator, tabOptions)
    await use(user)
    await user.leave()
  },
  // Before the emulator, whose options may name it.
  // biome-ignore lint/correctness/noEmptyPattern: as above
  consoleSite: async ({}, use) => {
    const site = await serveSite('demo', () => served.issuer)
    const served = { ...site, issuer: '' }
    await use(served)
    await site.close()
  },
  consoleUser: async ({ browser, consoleSite, emulator: _, userOptions }, use) => {
    const user = await createUser(browser, consoleSite.origin, userOptions)
    await use(user)
    await user.leave()
  },
  wholeConsoleUser: async ({ consoleSite, emulator: _, userOptions }, use) => {
    const user = await createWholeBrowserUser(consoleSite.origin, userOptions)
    await use(user)
    await user.leave()
  },
})
