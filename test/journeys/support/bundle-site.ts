import type { TelnyxAuthEvent } from '@telnyx-oauth/core'
import { build, type Format } from 'esbuild'
import type { Page } from 'playwright'
import { ROOT } from '../../support/source-files.ts'
import { listenOn } from './listen-on.ts'
import type { Site } from './site.ts'

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
export function eventsOf(page: Page, type: TelnyxAuthEvent['type']): Promise<readonly TelnyxAuthEvent[]> {
  return page.evaluate((wanted) => {
    const { events } = globalThis.tab as unknown as { readonly events: readonly TelnyxAuthEvent[] }
    return events.filter((event) => event.type === wanted)
  }, type)
}

/** A bundle of esbuild, which does not copy the worker's script. */
export interface BundleOptions {
  readonly format: Format
  /** Copies the script by its export and passes its URL. */
  readonly hasScript: boolean
}

/** Bundles the bare page with esbuild and serves it. */
export async function serveBundle({ format, hasScript }: BundleOptions): Promise<Site> {
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
