import { createEmulator, type Emulator, type EmulatorOptions } from '@telnyx-oauth/emulator'
import type { Browser } from 'playwright'
import { type TestAPI, test as vitestTest } from 'vitest'
import { freePort } from '../../support/free-port.ts'
import { launchBrowser } from './browser.ts'
import { serveDemo } from './sites.ts'
import { type VisitOptions, type Visitor, visitAfresh } from './visitor.ts'

interface FileFixtures {
  readonly browser: Browser
  /** Where the demo is, built once per file, and where its emulator will be. */
  readonly demo: { readonly origin: string; readonly issuerPort: number }
}

interface TestFixtures {
  readonly emulatorOptions: EmulatorOptions
  /** The server that the demo signs in at: a fresh one per test. */
  readonly emulator: Emulator
  readonly visitOptions: VisitOptions
  /** A person with a fresh browser profile. Whatever their pages complain about fails the test. */
  readonly visitor: Visitor
}

/** A journey through the demo. */
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
  demo: [
    // biome-ignore lint/correctness/noEmptyPattern: as above
    async ({}, use) => {
      const issuerPort = await freePort()
      const { origin, close } = await serveDemo(`http://localhost:${issuerPort}`)
      await use({ origin, issuerPort })
      await close()
    },
    { scope: 'file' },
  ],
  emulatorOptions: {},
  emulator: async ({ demo, emulatorOptions }, use) => {
    const emulator = createEmulator({ ...emulatorOptions, port: demo.issuerPort })
    await emulator.start()
    await use(emulator)
    await emulator.stop()
  },
  visitOptions: {},
  visitor: async ({ browser, demo, emulator: _, visitOptions }, use) => {
    const visitor = await visitAfresh(browser, demo.origin, visitOptions)
    await use(visitor)
    await visitor.leave()
  },
})
