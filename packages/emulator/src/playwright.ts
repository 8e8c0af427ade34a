import {
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
      await emulator.start()
      await use(emulator)
      await emulator.stop()
    },
    { scope: 'worker' },
  ],
  emulator: async ({ emulatorOfWorker }, use) => {
    emulatorOfWorker.reset()
    await use(emulatorOfWorker)
  },
  context: async ({ context, emulator }, use) => {
    await context.addInitScript((issuer) => {
      globalThis.telnyxIssuer = issuer
    }, emulator.issuer)
    await use(context)
  },
})
