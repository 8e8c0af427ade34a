#!/usr/bin/env node
import { createEmulator } from './emulator.ts'
import { parseCommandLine } from './options/command-line.ts'
import { startupBanner } from './startup-banner.ts'

try {
  const emulator = createEmulator(parseCommandLine(process.argv))
  await emulator.start()
  // The one thing that the command prints: where the server is, and who can sign in.
  console.log(startupBanner(emulator))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void emulator.stop())
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
