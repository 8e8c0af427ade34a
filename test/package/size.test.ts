import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { runNode } from '../support/run-node.ts'

it('every entry keeps its byte budget and contains no forbidden string', async () => {
  const { code, output } = await runNode(['scripts/size.mjs'])
  expect(output).toMatch(/^core: createTelnyxAuth .* kB/m)
  expect(output).toMatch(/^core: to sign in and refresh .* kB/m)
  expect(output).toMatch(/^react: all of the main entry .* kB/m)
  expect(code, output).toBe(0)
})

const ENTRY = {
  name: 'planted',
  code: `export { TelnyxAuthError } from '@telnyx-oauth/core'`,
  limitBytes: 1_000_000,
  dependencies: [],
  forbiddenStrings: [],
}

it('an entry over its budget is refused', async () => {
  const { code, output } = await measure({ ...ENTRY, limitBytes: 100 })
  expect(output).toMatch(/^planted is \d+ bytes over its budget$/m)
  expect(code).toBe(1)
})

it('a forbidden string is refused', async () => {
  const { code, output } = await measure({ ...ENTRY, forbiddenStrings: ['TelnyxAuthError'] })
  expect(output).toContain('planted contains "TelnyxAuthError"')
  expect(code).toBe(1)
})

it('a file that does not belong is refused', async () => {
  const { code, output } = await measure({ ...ENTRY, forbiddenInputs: ['packages/core/'] })
  expect(output).toContain('planted contains packages/core/src/')
  expect(code).toBe(1)
})

it('what is loaded by import() is not counted', async () => {
  const code = `export const late = () => import('@telnyx-oauth/core')`
  const { output } = await measure({ ...ENTRY, code, limitBytes: 300, forbiddenStrings: ['TelnyxAuthError'] })
  expect(output).not.toMatch(/^planted (is|contains)/m)
})

it('a chunk of the second wave is counted, and must be there', async () => {
  const code = `export const late = () => import('@telnyx-oauth/core')`
  const late = { ...ENTRY, code, limitBytes: 300 }
  const counted = await measure({ ...late, secondWave: ['packages/core/src/index.ts'] })
  expect(counted.output).toMatch(/^planted is \d+ bytes over its budget$/m)
  const absent = await measure({ ...late, secondWave: ['packages/core/src/absent.ts'] })
  expect(absent.output).toContain('packages/core/src/absent.ts is no chunk')
})

it('an entry that does not build is refused', async () => {
  const { code, output } = await measure({ ...ENTRY, code: `export { nothing } from '@telnyx-oauth/core'` })
  expect(output).toContain('planted does not build')
  expect(code).toBe(1)
})

async function measure(budget: object): Promise<{ code: number; output: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'size-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'budgets.json')
  await writeFile(path, JSON.stringify([budget]))
  return runNode(['scripts/size.mjs', path])
}
