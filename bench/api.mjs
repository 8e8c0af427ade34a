// npm run bench:api: ours and the official SDK in turn, against one emulator in a process of its own. Paging through
// 10,000 clients: requests per second, CPU and peak memory of the client; and what an app downloads for it.
import { fork } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { build } from 'esbuild'
import { compile } from './compile.mjs'
import { median, print } from './print.mjs'

const ROOT = resolve(import.meta.dirname, '..')
// Below node_modules, so that what is not bundled is found from there.
const FOLDER = join(ROOT, 'node_modules', '.cache', 'bench-api')
const CLIENTS = 10_000
const PAGE_SIZE = 100
const ROUNDS = Number(process.argv[2] ?? 5)
const CONTENDERS = ['ours', 'theirs']

await mkdir(FOLDER, { recursive: true })
try {
  await printBundles()
  await printPaging()
} finally {
  await rm(FOLDER, { recursive: true })
}

async function printPaging() {
  const made = (name) => compile(`bench/api/${name}.mjs`, join(FOLDER, `${name}.mjs`))
  await Promise.all(['emulator', ...CONTENDERS].map(made))
  const server = fork(join(FOLDER, 'emulator.mjs'), [String(CLIENTS)])
  try {
    const url = await message(server)
    const runs = { ours: [], theirs: [] }
    for (let round = 0; round < ROUNDS; round++) {
      // Who goes first changes with every round: the server warms up for both.
      for (const name of round % 2 ? CONTENDERS.toReversed() : CONTENDERS)
        runs[name].push(await run(name, url))
    }
    const idle = await run('ours', url, 0)
    printRuns(runs, idle.peakRssMb)
  } finally {
    server.kill()
  }
}

function printRuns(runs, idleMb) {
  const rows = [
    ['requests per second', (run) => run.requestsPerSecond],
    ['CPU of the client per request, µs', (run) => run.cpuPerRequestUs],
    ['peak memory, MB', (run) => run.peakRssMb],
    ['peak memory beyond an idle client, MB', (run) => run.peakRssMb - idleMb],
  ]
  console.log(
    `\nPaging through ${CLIENTS} clients, ${PAGE_SIZE} a page, median of ${ROUNDS} processes each, in turn`,
  )
  print(
    ['', 'ours', 'official SDK', 'ours / SDK'],
    rows.map(([title, value]) => {
      const [ours, theirs] = CONTENDERS.map((name) => median(runs[name].map(value)))
      return [title, ours.toFixed(1), theirs.toFixed(1), (ours / theirs).toFixed(2)]
    }),
  )
}

async function printBundles() {
  const ours = {
    'one call, with its handle': `export { createTelnyxApi, listOAuthClients } from '@telnyx-oauth/api'`,
    'the call alone': `export { listOAuthClients } from '@telnyx-oauth/api'`,
    'all calls': `export * from '@telnyx-oauth/api'`,
  }
  // A class has all its methods, whichever are called.
  const theirs = await bytesOf(
    `import Telnyx from 'telnyx'; export const list = (apiKey) => new Telnyx({ apiKey }).oauthClients.list()`,
  )
  const rows = []
  for (const [title, code] of Object.entries(ours)) {
    const bytes = await bytesOf(code)
    rows.push([title, String(bytes), String(theirs), (bytes / theirs).toFixed(3)])
  }
  console.log('\nWhat an app downloads, bytes, minified and brotli')
  print(['', 'ours', 'official SDK', 'ours / SDK'], rows)
}

async function bytesOf(code) {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: ROOT },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['source'],
    // The SDK imports it; a browser bundle needs a stand-in, which is not counted.
    external: ['crypto', 'node:*'],
    logLevel: 'error',
  })
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 }
  return brotliCompressSync(outputFiles[0].contents, { params }).length
}

function run(name, url, passes = 3) {
  return message(fork(join(FOLDER, `${name}.mjs`), [url, String(PAGE_SIZE), String(passes), String(CLIENTS)]))
}

function message(child) {
  return new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`a process of the benchmark ended with ${code}`)))
  })
}
