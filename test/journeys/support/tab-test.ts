import type { TelnyxAuthOptions } from '@telnyx-oauth/core'
import { createEmulator, type Emulator, type EmulatorOptions } from '@telnyx-oauth/emulator'
import type { Browser } from 'playwright'
import { type TestAPI, test as vitestTest } from 'vitest'
import { launchBrowser } from './browser.ts'
import { type Site, serveTabs } from './sites.ts'
import { type VisitOptions, type Visitor, visitAfresh } from './visitor.ts'

interface FileFixtures {
  readonly browser: Browser
  /** The bare page, built once per file. */
  readonly site: Site
}

interface TestFixtures {
  readonly emulatorOptions: EmulatorOptions
  readonly emulator: Emulator
  /** Options of every client of the visitor, beside those that name the emulator. */
  readonly tabOptions: Partial<TelnyxAuthOptions>
  readonly visitOptions: VisitOptions
  /** A person with a fresh browser profile. Whatever their pages complain about fails the test. */
  readonly visitor: Visitor
}

/** A journey of many tabs and many callers, in the bare page. */
export const test: TestAPI<FileFixtures & TestFixtures> = vitestTest.extend<{
  $file: FileFixtures
  $test: TestFixtures
}>({
  browser: [
    // biome-ignore lint/correctness/noEmptyPattern: Vitest reads what a fixture needs off this pattern
    async ({}, use) => {
      const browser = await launchBrowser()
      await use(browser)
      await browser.close()
    },
    { scope: 'file' },
  ],
  site: [
    // biome-ignore lint/correctness/noEmptyPattern: as above
    async ({}, use) => {
      const site = await serveTabs()
      await use(site)
      await site.close()
    },
    { scope: 'file' },
  ],
  emulatorOptions: {},
  emulator: async ({ emulatorOptions }, use) => {
    const emulator = createEmulator({ ...emulatorOptions, port: 0 })
    await emulator.start()
    await use(emulator)
    await emulator.stop()
  },
  tabOptions: {},
  visitOptions: {},
  visitor: async ({ browser, site, emulator, tabOptions, visitOptions }, use) => {
    const visitor = await visitAfresh(browser, site.origin, visitOptions)
    await configureTabs(visitor, emulator, tabOptions)
    await use(visitor)
    await visitor.leave()
  },
})

/** Tells every page that the visitor opens from now on which server to sign in at. */
export async function configureTabs(
  { context }: Visitor,
  { issuer }: Emulator,
  tabOptions: Partial<TelnyxAuthOptions>,
): Promise<void> {
  await context.addInitScript(
    (options) => {
      globalThis.tabOptions = options
    },
    { issuer, resources: [`${issuer}/v2`], ...tabOptions },
  )
}
