// Part of npm run test:long only: to install Next.js and to build an app with it takes a minute and a half.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEmulator } from '@telnyx-oauth/emulator'
import { expect as expectPage } from 'playwright/test'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { launchBrowser } from '../journeys/support/browser.ts'
import { createUser } from '../journeys/support/browser-user.ts'
import { decide } from '../journeys/support/demo-pages.ts'
import { createConsumer, type Tarball } from '../support/consumer.ts'
import { freePort } from '../support/free-port.ts'
import { ROOT } from '../support/source-files.ts'

describe('an app of Next.js that installed the tarballs', () => {
  const packed = mkdtempSync(join(tmpdir(), 'consumer-'))
  const app = mkdtempSync(join(tmpdir(), 'next-app-'))
  afterAll(() => {
    for (const folder of [packed, app]) rmSync(folder, { recursive: true, force: true })
  })
  let port: number
  let obstacle: string | undefined
  beforeAll(async () => {
    port = await freePort()
    const { tarballs } = await createConsumer(packed)
    obstacle = await installNextApp(app, tarballs)
  })
  beforeEach((context) => {
    if (obstacle) context.skip(obstacle)
  })

  it('builds, with guards in a server component, and renders pages before there is a session', async () => {
    const { code, output } = await buildNextApp(app, `http://localhost:${port}`)
    expect(code, output).toBe(0)
    const page = readFileSync(join(app, '.next/server/app/index.html'), 'utf8')
    expect(page).toContain('<main><h1>Sign in with Telnyx</h1><p>One moment…</p></main>')
  }, 300_000)

  it('hydrates without a word in the console, and signs somebody in', async () => {
    const emulator = createEmulator({ port })
    await emulator.start()
    onTestFinished(() => emulator.stop())
    const ownPort = await freePort()
    onTestFinished(await serveNextApp(app, ownPort))
    const browser = await launchBrowser()
    onTestFinished(() => browser.close())
    const user = await createUser(browser, `http://localhost:${ownPort}`)

    const page = await user.open()
    await expectPage(page.getByText('For everybody else.')).toBeVisible()
    await page.getByRole('button', { name: 'Sign in' }).click()
    await decide(page, 'Allow')
    await expectPage(page.getByText('For people who are signed in.')).toBeVisible()
    expect(new URL(page.url()).pathname).toBe('/')
    expect(emulator.requests({ endpoint: 'token' })).toHaveLength(1)
    await user.leave()
  })
})

/** The words of npm when the registry is out of reach. */
const UNREACHABLE = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT)\b/

/** The environment of a shell, without what a test runner has added. */
const environment = (env: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({
  ...process.env,
  NODE_ENV: 'production',
  NEXT_TELEMETRY_DISABLED: '1',
  ...env,
})

/** Installs the example with our packages from their tarballs. @returns the reason if the registry is out of reach */
async function installNextApp(folder: string, tarballs: readonly Tarball[]): Promise<string | undefined> {
  cpSync(join(ROOT, 'examples/next'), folder, { recursive: true })
  const ours = tarballs.filter(({ name }) => name === 'core' || name === 'react').map(({ path }) => path)
  const flags = [
    '--include=dev',
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    '--loglevel=error',
  ]
  const { code, output } = await end('npm', ['install', ...flags, ...ours], folder)
  if (code !== 0 && UNREACHABLE.test(output))
    return 'Next.js cannot be installed: the registry is out of reach'
  if (code !== 0) throw new Error(output)
  return undefined
}

function buildNextApp(folder: string, issuer: string) {
  const env = environment({ NEXT_PUBLIC_TELNYX_ISSUER: issuer })
  return end(process.execPath, ['node_modules/next/dist/bin/next', 'build'], folder, env)
}

/** Serves the built app. @returns stop, which resolves when the port is free */
async function serveNextApp(folder: string, port: number) {
  const args = ['node_modules/next/dist/bin/next', 'start', `--port=${port}`, '--hostname=127.0.0.1']
  const server = spawn(process.execPath, args, {
    cwd: folder,
    env: environment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await says(server, 'Ready')
  return async () => {
    const ended = once(server, 'exit')
    server.kill()
    await ended
  }
}

function says(server: ChildProcess, word: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    server.once('exit', () => reject(new Error(`Next.js did not start: ${said}`)))
    server.stdout?.on('data', (chunk: Buffer) => {
      said += chunk
      if (said.includes(word)) resolve()
    })
  })
}

function end(command: string, args: readonly string[], cwd: string, env = environment()) {
  const options = { cwd, env, shell: process.platform === 'win32', maxBuffer: 64 * 1024 * 1024 }
  return new Promise<{ code: number; output: string }>((settle) => {
    execFile(command, args, options, (error, stdout, stderr) =>
      settle({ code: error ? 1 : 0, output: stdout + stderr }),
    )
  })
}
