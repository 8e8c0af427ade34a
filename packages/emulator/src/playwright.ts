import {
  type BrowserContext,
  test as base,
  type PlaywrightTestArgs,
  type PlaywrightTestOptions,
  type PlaywrightWorkerArgs,
  type PlaywrightWorkerOptions,
  type TestType,
} from '@playwright/test'
import { createEmulator, type Emulator } from './emulator.ts'
import type { EmulatorOptions } from './options/options.ts'
import { portOfWorker } from './options/port-of-worker.ts'

declare global {
  /** Issuer of the emulator that belongs to the test of this page. Set in each page before its own scripts. */
  var telnyxIssuer: string | undefined
}

/** What a test of Playwright may ask for. */
export interface EmulatorFixtures {
  /** The emulator of the worker, reset before the test. A test with a page has it even if it does not ask for it. */
  readonly emulator: Emulator
}

/** What all tests of a worker of Playwright share. */
export interface EmulatorWorkerFixtures {
  /** Options of the emulators, for `use` in the configuration. Each worker adds its index to the port. @default {} */
  readonly emulatorOptions: EmulatorOptions
  /** The emulator as it is, without a reset. */
  readonly emulatorOfWorker: Emulator
}

/** `test` of Playwright Test, with an emulator for each worker. Ask for `emulator`. */
export const test: TestType<
  PlaywrightTestArgs & PlaywrightTestOptions & EmulatorFixtures,
  PlaywrightWorkerArgs & PlaywrightWorkerOptions & EmulatorWorkerFixtures
> = base.extend<EmulatorFixtures, EmulatorWorkerFixtures>({
  emulatorOptions: [{}, { scope: 'worker', option: true }],
  emulatorOfWorker: [
    async ({ emulatorOptions }, use, { parallelIndex }) => {
      const port = portOfWorker(emulatorOptions.port, parallelIndex)
      const emulator = createEmulator({ ...emulatorOptions, port })
      await emulator.start().catch(explainBusyPort)
      await use(emulator)
      await emulator.stop()
    },
    { scope: 'worker' },
  ],
  emulator: async ({ emulatorOfWorker }, use) => {
    emulatorOfWorker.reset()
    await use(emulatorOfWorker)
  },
  browser: [
    async ({ browser, emulatorOfWorker }, use) => {
      const newContext = browser.newContext.bind(browser)
      browser.newContext = async (...options) => tellIssuer(await newContext(...options), emulatorOfWorker)
      await use(browser)
    },
    { scope: 'worker' },
  ],
  context: async ({ context, emulator }, use) => {
    // Playwright may reuse a context that was made before.
    await use(await tellIssuer(context, emulator))
  },
})

/** Sets the global `telnyxIssuer` in every page of a context. */
async function tellIssuer(context: BrowserContext, { issuer }: Emulator): Promise<BrowserContext> {
  await context.addInitScript((value) => {
    globalThis.telnyxIssuer = value
  }, issuer)
  return context
}

function explainBusyPort(cause: NodeJS.ErrnoException): never {
  if (cause.code !== 'EADDRINUSE') throw cause
  throw new Error(
    `${cause.message} If it is the emulator of the Vite plugin, beside the app that the test opens, set another port: use: { emulatorOptions: { port: 4020 } }.`,
    { cause },
  )
}
