import { test as base, type TestAPI } from 'vitest'
import { createEmulator, type Emulator } from './emulator.ts'
import type { EmulatorOptions } from './options/options.ts'

/** What a test of Vitest may ask for. */
export interface EmulatorFixtures {
  /** Options of the emulator; `test.override` changes them for a suite. @default {} */
  readonly emulatorOptions: EmulatorOptions
  /** An emulator for this test alone, on a port that the operating system chooses. */
  readonly emulator: Emulator
}

/** `test` of Vitest, with an emulator for each test that asks for `emulator`. */
export const test: TestAPI<EmulatorFixtures> = base.extend<EmulatorFixtures>({
  emulatorOptions: {},
  emulator: async ({ emulatorOptions }, use) => {
    const emulator = createEmulator({ port: 0, ...emulatorOptions })
    await emulator.start()
    await use(emulator)
    await emulator.stop()
  },
})
