// Part of npm run test:long only: to install Next.js and to build an app with it takes a minute and a half.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEmulator } from '@telnyx-oauth/emulator'
import { expect as expectPage } from 'playwright/test'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { launchBrowser } from '../journeys/support/browser.ts'
import { createUser } from '../journeys/support/browser-user.ts'
import { decide } from '../journeys/support/demo-pages.ts'
import { createConsumer } from '../support/consumer.ts'
import { freePort } from '../support/free-port.ts'
import { buildNextApp, installNextApp, serveNextApp } from '../support/next-app.ts'

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
