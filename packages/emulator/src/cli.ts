#!/usr/bin/env node
import { createEmulator } from './emulator.ts'
import { parseCommandLine } from './options/command-line.ts'
import { startupBanner, startupLine } from './startup-banner.ts'

try {
  const { options, isJson } = parseCommandLine(process.argv)
  const emulator = createEmulator(options)
  // Before the command says that it listens: a script may end it as soon as it has read that.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void emulator.stop())
  await emulator.start()
  // The one thing that the command prints: where the server is, and who can sign in.
  console.log(isJson ? startupLine(emulator) : startupBanner(emulator))
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
