// npm run bench:demo [rounds]: what the first page of the built demo costs somebody who has never been there: JavaScript
// to download, requests, and how long this machine takes until the page can be used. Nothing is throttled.
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { chromium } from 'playwright'
import { build, preview } from 'vite'
import { CHROMIUM_FLAGS, findChromium } from '../scripts/support/browsers.mjs'

const ROOT = resolve(import.meta.dirname, '..')
const ROUNDS = Number(process.argv[2] ?? 9)
// As Lighthouse has it: interactive is where the first five seconds begin in which the main thread has no long task
// and the network is quiet; https://developer.chrome.com/docs/lighthouse/performance/interactive
const QUIET_MS = 5000

// Named, so that no emulator comes along: the first page asks no server for anything.
process.env.VITE_TELNYX_ISSUER ??= 'http://localhost:4010'
const outDir = await mkdtemp(join(tmpdir(), 'bench-demo-'))
try {
  await run()
} finally {
  await rm(outDir, { recursive: true })
}

async function run() {
  const config = {
    configFile: join(ROOT, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir, emptyOutDir: true },
  }
  await build(config)
  const server = await preview({ ...config, preview: { host: '127.0.0.1', port: 0 } })
  const browser = await chromium.launch({ executablePath: findChromium(), args: [...CHROMIUM_FLAGS] })
  try {
    const url = `http://localhost:${server.httpServer.address().port}/`
    // The first visit warms up the server and the browser, and is not counted.
    await visit(browser, url)
    const visits = []
    for (let round = 0; round < ROUNDS; round++) visits.push(await visit(browser, url))
    report(visits, browser.version())
  } finally {
    await browser.close()
    await server.close()
  }
}

/** Loads the page in a profile that is empty. */
async function visit(browser, url) {
  const context = await browser.newContext()
  await context.addInitScript(watchPage)
  const page = await context.newPage()
  const bodies = []
  page.on('response', (response) => {
    const kind = response.request().resourceType()
    bodies.push(response.body().then((body) => ({ kind, body })))
  })
  await page.goto(url)
  await page.getByRole('button', { name: 'Sign in with Telnyx' }).waitFor()
  const times = await page.evaluate((quietMs) => globalThis.bench.settle(quietMs), QUIET_MS)
  const files = await Promise.all(bodies)
  await context.close()
  const scripts = files.filter(({ kind }) => kind === 'script')
  return {
    ...times,
    requests: files.length,
    scripts: scripts.length,
    scriptBytes: sum(scripts.map(({ body }) => body.length)),
    scriptBrotliBytes: sum(scripts.map(({ body }) => brotli(body))),
    brotliBytes: sum(files.map(({ body }) => brotli(body))),
  }
}

/** Runs in the page, before anything of its own. */
function watchPage() {
  let busyUntil = 0
  let blockedMs = 0
  let usableAt
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      busyUntil = Math.max(busyUntil, startTime + duration)
      blockedMs += duration - 50
    }
  }).observe({ type: 'longtask', buffered: true })
  new MutationObserver((_records, observer) => {
    if (!document.querySelector('main button')) return
    usableAt = performance.now()
    observer.disconnect()
  }).observe(document, { childList: true, subtree: true })
  const settle = async (quietMs) => {
    const firstPaint = performance.getEntriesByName('first-contentful-paint')[0]?.startTime
    for (;;) {
      const loaded = performance.getEntriesByType('resource').map(({ responseEnd }) => responseEnd)
      const quietSince = Math.max(busyUntil, ...loaded)
      if (performance.now() - quietSince > quietMs)
        return { firstPaint, usableAt, interactive: Math.max(firstPaint, usableAt, busyUntil), blockedMs }
      await new Promise((next) => setTimeout(next, 100))
    }
  }
  globalThis.bench = { settle }
}

function report(visits, version) {
  const [{ model }] = cpus()
  console.log(`First page of the built demo, nobody signed in, empty cache; median of ${ROUNDS} visits.`)
  console.log(`Chromium ${version}, ${cpus().length} × ${model.trim()}, no throttling.\n`)
  const rows = [
    ['JavaScript, brotli', (visit) => kB(visit.scriptBrotliBytes)],
    ['JavaScript, minified', (visit) => kB(visit.scriptBytes)],
    ['everything, brotli', (visit) => kB(visit.brotliBytes)],
    ['requests', (visit) => `${visit.requests}, of which scripts: ${visit.scripts}`],
  ]
  for (const [title, value] of rows) console.log(title.padEnd(34), value(visits[0]))
  const times = [
    ['first contentful paint', 'firstPaint'],
    ['the sign-in button is there', 'usableAt'],
    ['time to interactive', 'interactive'],
    ['total blocking time', 'blockedMs'],
  ]
  for (const [title, name] of times) {
    const sorted = visits.map((visit) => visit[name]).toSorted((a, b) => a - b)
    const [least, median, most] = [0, Math.floor(sorted.length / 2), sorted.length - 1].map((at) =>
      ms(sorted[at]),
    )
    console.log(title.padEnd(34), `${median}  (${least} to ${most})`)
  }
}

function kB(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`
}

function ms(duration) {
  return `${Math.round(duration)} ms`
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0)
}

function brotli(bytes) {
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length
}
