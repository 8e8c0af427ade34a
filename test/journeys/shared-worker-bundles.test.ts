import type { TelnyxAuthEvent } from '@telnyx-oauth/core'
import type { Emulator } from '@telnyx-oauth/emulator'
import { build, type Format } from 'esbuild'
import type { Browser, Page } from 'playwright'
import { describe, onTestFinished } from 'vitest'
import { ROOT } from '../support/source-files.ts'
import { configureTabs, createUser } from './support/browser-user.ts'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'
import type { Site } from './support/listen-on.ts'
import { listenOn } from './support/listen-on.ts'
import { refreshesOf, sendsPerToken } from './support/log.ts'
import { openSignedIn } from './support/tab-pages.ts'
import { refreshesFrom, reloadDuringRefresh } from './support/worker-tabs.ts'

/** The bare page in few lines: it says the status, and keeps the events. */
const app = (options: string) => `
import { createTelnyxAuth } from '@telnyx-oauth/core'
import { sharedWorkerFetch } from '@telnyx-oauth/core/shared-worker'
const auth = createTelnyxAuth({
  clientId: 'telnyx-demo', redirectUri: '/callback', ...tabOptions, fetch: sharedWorkerFetch(${options}),
})
const output = document.querySelector('output')
globalThis.tab = { auth, events: [] }
let renewals = 0
auth.onEvent((event) => {
  tab.events.push(event)
  if (event.type === 'token-renewed') output.dataset.renewals = ++renewals
})
const show = () => { output.textContent = auth.getSnapshot().status }
auth.subscribe(show)
show()
`

/** The events of one type that the client of this page has emitted. */
function eventsOf(page: Page, type: TelnyxAuthEvent['type']): Promise<readonly TelnyxAuthEvent[]> {
  return page.evaluate((wanted) => {
    const { events } = globalThis.tab as unknown as { readonly events: readonly TelnyxAuthEvent[] }
    return events.filter((event) => event.type === wanted)
  }, type)
}

/** A bundle of esbuild, which does not copy the worker's script. */
interface BundleOptions {
  readonly format: Format
  /** Copies the script by its export and passes its URL. */
  readonly hasScript: boolean
}

/** Bundles the bare page with esbuild and serves it. */
async function serveBundle({ format, hasScript }: BundleOptions): Promise<Site> {
  const bundle = await build({
    stdin: { contents: app(hasScript ? "{ url: '/refresh-worker.js' }" : ''), resolveDir: ROOT },
    bundle: true,
    write: false,
    format,
    conditions: ['source'],
    logLevel: 'silent',
  })
  const worker = await build({
    entryPoints: ['@telnyx-oauth/core/refresh-worker.js'],
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    format: 'esm',
    conditions: ['source'],
  })
  const type = format === 'esm' ? 'module' : 'text/javascript'
  const page = `<!doctype html><output></output><script type="${type}" src="/app.js"></script>`
  const files: Readonly<Record<string, string | undefined>> = {
    '/app.js': bundle.outputFiles[0]?.text,
    ...(hasScript && { '/refresh-worker.js': worker.outputFiles[0]?.text }),
  }
  return listenOn(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const isScript = pathname.endsWith('.js')
    const text = isScript ? files[pathname] : page
    response.writeHead(text ? 200 : 404, { 'content-type': isScript ? 'text/javascript' : 'text/html' })
    response.end(text)
  })
}

/** Signs in to an app that esbuild has bundled. A timer that lasts a second or longer never ends in it. */
async function openBundle(options: BundleOptions, browser: Browser, emulator: Emulator): Promise<Page> {
  const site = await serveBundle(options)
  onTestFinished(site.close)
  const user = await createUser(browser, site.origin)
  onTestFinished(user.leave)
  await configureTabs(user, emulator, {})
  await user.context.addInitScript(() => {
    const { setTimeout } = globalThis
    Object.assign(globalThis, {
      setTimeout: (...[listener, ms, ...given]: Parameters<typeof setTimeout>) =>
        Number(ms) < 1000 ? setTimeout(listener, ms, ...given) : 0,
    })
  })
  return openSignedIn(user)
}

describe.each(['esm', 'iife'] as const)('a bundle of esbuild, format %s', (format) => {
  test('with the script copied by its export: a reload in the middle of a refresh loses nothing', async ({
    browser,
    emulator,
  }) => {
    const page = await openBundle({ format, hasScript: true }, browser, emulator)
    const sent = refreshesFrom(page)
    await reloadDuringRefresh(page, emulator)
    expect([sent, sendsPerToken(emulator)]).toEqual([[], [1]])
  })

  test('without the script: no error in the console, and no refresh waits a second', async ({
    browser,
    emulator,
  }) => {
    const page = await openBundle({ format, hasScript: false }, browser, emulator)
    const sent = refreshesFrom(page)
    for (let time = 0; time < 2; time += 1) await page.evaluate(() => tab.auth.refresh())
    expect(sent).toHaveLength(2)
    expect(refreshesOf(emulator).map(({ status }) => status)).toEqual([200, 200])
  })
})

test('a bundle without import.meta.url says once why it has no worker', async ({ browser, emulator }) => {
  const page = await openBundle({ format: 'iife', hasScript: false }, browser, emulator)
  await expect
    .poll(() => eventsOf(page, 'shared-worker-unavailable'))
    .toEqual([expect.objectContaining({ reason: 'no-script-url' })])
})
