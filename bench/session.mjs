// npm run bench:session: ours beside oidc-client-ts and auth0-spa-js, in one Chromium, against one emulator, in turn.
// Exits with 1 when one of our limits is broken. `npm run bench:session -- 300` takes more samples: on a busy machine.
import { mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright'
import { CHROMIUM_FLAGS, findChromium } from '../scripts/support/browsers.mjs'
import { compile } from './compile.mjs'
import { median, print } from './print.mjs'
import { coldStart, hotCall, journeys, notification, rawRead, storm } from './session/measures.mjs'
import { serveSite } from './session/site.mjs'
import { open, signIn } from './session/visit.mjs'

const ROOT = resolve(import.meta.dirname, '..')
const FOLDER = join(ROOT, 'node_modules', '.cache', 'bench-session')
const ROUNDS = Number(process.argv[2] ?? 80)
const HOT_ROUNDS = 5
const TABS = [2, 5, 10, 20]
const CONTENDERS = ['ours', 'oidc-client-ts', 'auth0-spa-js']
const RAW = 'raw read'
const OTHERS = [RAW, 'oidc-client-ts', 'auth0-spa-js']
const CLIENT_ID = 'bench'
const LIMITS = {
  coldStartRatio: 1.25,
  hotCallUs: 2,
  stormRequests: 1,
  journeys: { 'sign-in': 'metadata + token', reload: '0', refresh: 'token', 'sign-out': 'revoke' },
}

const broken = []
const emulator = await startEmulator()
const site = await serveSite(CONTENDERS, emulator.issuer, CLIENT_ID)
emulator.addClient({
  clientId: CLIENT_ID,
  name: 'Benchmark',
  redirectUris: CONTENDERS.map((name) => `${site.origin}/${name}/callback`),
})
const browser = await chromium.launch({
  executablePath: findChromium(),
  args: [...CHROMIUM_FLAGS],
})
try {
  await printJourneys()
  await printTimes()
  await printStorms()
} finally {
  await browser.close()
  site.close()
  await emulator.stop()
  await rm(FOLDER, { recursive: true })
}
for (const sentence of broken) console.log(`Over the limit: ${sentence}`)
process.exitCode = broken.length > 0 ? 1 : 0

function limit(isKept, sentence) {
  if (!isKept) broken.push(sentence)
}

async function startEmulator() {
  await mkdir(FOLDER, { recursive: true })
  const outfile = join(FOLDER, 'emulator.mjs')
  await compile('packages/emulator/src/index.ts', outfile)
  const { createEmulator } = await import(pathToFileURL(outfile).href)
  const started = createEmulator({ port: 0, revocation: true, rateLimits: false })
  await started.start()
  return started
}

async function printJourneys() {
  const columns = []
  for (const name of CONTENDERS) {
    const context = await browser.newContext()
    columns.push(await journeys(context, site.origin, name, emulator))
    await context.close()
  }
  const rows = Object.keys(columns[0]).map((title) => [
    title,
    ...columns.map((asked) => asked[title].join(' + ') || '0'),
  ])
  console.log('\nRequests to the server, apart from the pages of the sign-in itself')
  print(['', ...CONTENDERS], rows)
  for (const [title, ours] of rows) limit(ours === LIMITS.journeys[title], `${title} asks for ${ours}`)
}

async function printTimes() {
  const pages = {}
  for (const name of CONTENDERS) {
    pages[name] = await open(await browser.newContext(), site.origin, name)
    await signIn(pages[name])
  }
  const ofEach = (measure) => CONTENDERS.map((name) => [name, () => measure(pages[name], site.origin, name)])
  const raw = [RAW, () => rawRead(pages.ours, site.origin)]
  const first = await inTurn(ROUNDS, [raw, ...ofEach(coldStart)])
  const made = await inTurn(ROUNDS, [raw, ...ofEach((...given) => coldStart(...given, true))])
  const hot = await inTurn(HOT_ROUNDS, ofEach(hotCall))
  const told = await inTurn(HOT_ROUNDS, ofEach(notification))
  for (const page of Object.values(pages)) await page.context().close()

  console.log(`\nMedians of ${ROUNDS} loaded pages each, in turn; the last two of ${HOT_ROUNDS}`)
  print(
    ['', RAW, ...CONTENDERS, ...OTHERS.map((name) => `ours / ${name}`)],
    [
      timesRow('cold start: first call to token, ms', first, 2),
      timesRow('the same, and making the client, ms', made, 2),
      timesRow('hot call, µs', hot, 3),
      timesRow('10,000 subscribers are told, ms', told, 2),
    ],
  )
  const ratio = first.ours / first[RAW]
  limit(ratio <= LIMITS.coldStartRatio, `a cold start takes ${ratio.toFixed(2)} raw reads`)
  limit(hot.ours <= LIMITS.hotCallUs, `a hot call takes ${hot.ours.toFixed(2)} µs`)
}

/** Medians per name. Every other round goes backwards: whoever comes second finds a warmer browser. */
async function inTurn(rounds, measures) {
  const samples = Object.fromEntries(measures.map(([name]) => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, measure] of round % 2 ? measures.toReversed() : measures)
      samples[name].push(await measure())
  }
  return Object.fromEntries(measures.map(([name]) => [name, median(samples[name])]))
}

function timesRow(title, medians, digits) {
  const cell = (value) => (value === undefined ? '–' : value.toFixed(digits))
  const ratio = (name) => (medians[name] === undefined ? '–' : (medians.ours / medians[name]).toFixed(2))
  return [title, ...[RAW, ...CONTENDERS].map((name) => cell(medians[name])), ...OTHERS.map(ratio)]
}

async function printStorms() {
  const rows = []
  for (const count of TABS) {
    const row = [`${count} tabs`]
    for (const name of CONTENDERS) {
      const context = await browser.newContext()
      const result = await storm(context, site.origin, name, emulator, count)
      await context.close()
      row.push(stormCell(result))
      if (name !== 'ours') continue
      const isRight = result.requests === LIMITS.stormRequests && result.served === result.callers
      limit(isRight && result.different === 1 && result.isAlive, `${count} tabs: ${stormCell(result)}`)
    }
    rows.push(row)
  }
  console.log(
    '\nFive callers in each tab when the token expires: token requests, callers served, the session after it',
  )
  print(['', ...CONTENDERS], rows)
}

function stormCell({ requests, served, callers, isAlive }) {
  return `${requests}, ${served} of ${callers}, ${isAlive ? 'lives' : 'lost'}`
}
