import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { expect, test as vitestTest } from 'vitest'

const test = vitestTest.extend<{ folder: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads what a fixture needs off this pattern
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'telnyx-oauth-process-'))
    await use(folder)
    await rm(folder, { recursive: true })
  },
})

const program = `
import { createTelnyxAuth } from '@telnyx-oauth/core'

const auth = createTelnyxAuth({ clientId: 'telnyx-demo', redirectUri: 'https://app.example/callback' })
auth.subscribe(() => {})
await auth.ready()
console.log('ready')
`

test('a Node process that awaited ready() ends by itself', async ({ folder, signal }) => {
  const outfile = join(folder, 'program.mjs')
  await build({
    stdin: { contents: program, resolveDir: import.meta.dirname },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    conditions: ['source'],
    logLevel: 'silent',
  })
  // Resolves when the process has ended; a test that is over before that ends it.
  const { stdout } = await promisify(execFile)(process.execPath, [outfile], { signal })
  expect(stdout).toBe('ready\n')
})
