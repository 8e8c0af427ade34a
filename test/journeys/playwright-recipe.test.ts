import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { serveSite } from './support/site.ts'

const ROOT = resolve(import.meta.dirname, '../..')

/** Runs Playwright Test as a person would. @returns what it printed, however it ended */
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

test('the recipe for Playwright Test signs in, and begins each test with a clean emulator', async () => {
  const port = await freePort()
  const { origin, close } = await serveSite('greeting-page', () => `http://localhost:${port}`)
  onTestFinished(close)
  const folder = await mkdtemp(join(tmpdir(), 'telnyx-oauth-recipe-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const said = await playwrightTest({
    RECIPE_ORIGIN: origin,
    RECIPE_EMULATOR_PORT: String(port),
    RECIPE_OUTPUT: folder,
  })
  expect(said).toMatch(/^ {2}2 passed/m)
  expect(said).not.toMatch(/failed|flaky|skipped/)
}, 120_000)
