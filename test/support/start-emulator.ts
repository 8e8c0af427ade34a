import { createEmulator, type Emulator, type EmulatorOptions } from '@telnyx-oauth/emulator'
import { onTestFinished } from 'vitest'

/** An emulator on a port of its own, for as long as the test that calls this. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = createEmulator({ port: 0, ...options })
  await emulator.start()
  onTestFinished(() => emulator.stop())
  return emulator
}
