import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { serveSite } from './support/site.ts'

const ROOT = resolve(import.meta.dirname, '../..')

/** The part of what the JSON reporter of Playwright prints that is looked at. */
interface Report {
  readonly stats: Readonly<Record<string, unknown>>
  readonly suites: readonly {
    readonly specs: readonly {
      readonly tests: readonly { readonly results: readonly { readonly workerIndex: number }[] }[]
    }[]
  }[]
}

/** Runs Playwright Test as a user would. @returns what it printed, however it ended */
function playwrightTest(env: Readonly<Record<string, string>>): Promise<string> {
  const args = [
    'node_modules/@playwright/test/cli.js',
    'test',
    '--config=test/journeys/support/playwright.config.mjs',
  ]
  // Packages are read from their sources, as everywhere in this repository.
  const options = { cwd: ROOT, env: { ...process.env, NODE_OPTIONS: '--conditions=source', ...env } }
  return new Promise((settle) => {
    execFile(process.execPath, args, options, (_error, stdout, stderr) => settle(stdout + stderr))
  })
}

test('the recipe for Playwright Test signs in with two workers at once, each with a clean emulator of its own', async () => {
  // The site is built for an issuer where nothing listens: its pages can only sign in where the fixture says.
  const { origin, close } = await serveSite('greeting-page', () => 'http://localhost:9')
  onTestFinished(close)
  const folder = await mkdtemp(join(tmpdir(), 'telnyx-oauth-recipe-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const printed = await playwrightTest({ RECIPE_ORIGIN: origin, RECIPE_OUTPUT: folder })
  const { stats, suites } = JSON.parse(printed) as Report
  expect(stats, printed).toMatchObject({ expected: 3, unexpected: 0, flaky: 0, skipped: 0 })
  const specs = suites.flatMap((suite) => suite.specs)
  const workers = specs
    .flatMap(({ tests }) => tests.flatMap(({ results }) => results))
    .map((r) => r.workerIndex)
  expect([...new Set(workers)].toSorted()).toEqual([0, 1])
}, 120_000)
