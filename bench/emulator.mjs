// npm run bench:emulator [seconds] [clients]: clients that refresh and call while faults happen and a state file is
// written. Prints requests, faults and memory, and fails on an error that no fault explains or on memory that grows. Then
// pages of lists with 10,000 clients and 100,000 grants, beside those of 4,000 each: fails if one takes much longer.
import { fork } from 'node:child_process'
import { mkdir, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { compile } from './compile.mjs'
import { median, print } from './print.mjs'

const ROOT = resolve(import.meta.dirname, '..')
// Below node_modules, so that what is not bundled is found from there.
const FOLDER = join(ROOT, 'node_modules', '.cache', 'bench-emulator')
const [SECONDS, CLIENTS] = [Number(process.argv[2] ?? 20), Number(process.argv[3] ?? 100)]
const MOST_GROWTH = 1.2
const MOST_TIMES_LONGER = 4

await mkdir(FOLDER, { recursive: true })
const stateFile = join(FOLDER, 'state.json')
let server
try {
  const made = (name) => compile(`bench/emulator/${name}.mjs`, join(FOLDER, `${name}.mjs`))
  await Promise.all(['server', 'client', 'pages'].map(made))
  const { signIn, useEmulator } = await import(join(FOLDER, 'client.mjs'))
  server = fork(join(FOLDER, 'server.mjs'), [stateFile], { execArgv: ['--expose-gc'] })
  const memory = []
  const url = await new Promise((resolve, reject) => {
    server.on('message', (message) => (message.url ? resolve(message.url) : memory.push(message)))
    server.once('exit', (code) => reject(new Error(`the emulator ended with ${code}`)))
  })

  const tally = { requests: 0, faults: 0, errors: [] }
  const refreshTokens = []
  for (let number = 0; number < CLIENTS; number++) refreshTokens.push(await signIn(url))
  memory.length = 0
  const startedMs = performance.now()
  const endsAtMs = startedMs + SECONDS * 1_000
  const noteError = (error) => tally.errors.push(`${error}: ${error.cause ?? ''}`)
  await Promise.all(refreshTokens.map((token) => useEmulator(url, token, endsAtMs, tally).catch(noteError)))
  const seconds = (performance.now() - startedMs) / 1_000
  const { size } = await stat(stateFile)
  report(tally, memory, seconds, size)
  const exited = new Promise((resolve) => server.once('exit', resolve))
  server.send('stop')
  await exited
  const { comparePages } = await import(join(FOLDER, 'pages.mjs'))
  reportPages(await comparePages())
} finally {
  server?.kill()
  await rm(FOLDER, { recursive: true })
}

function report({ requests, faults, errors }, memory, seconds, stateBytes) {
  // The first third warms up: code is compiled, and few tokens have expired yet.
  const steady = memory.slice(Math.ceil(memory.length / 3))
  const half = Math.ceil(steady.length / 2)
  const [before, after] = [steady.slice(0, half), steady.slice(half)]
  const growthOf = (key) => [before, after].map((samples) => median(samples.map((sample) => sample[key])))
  const row = (title, [from, to]) => [title, from.toFixed(1), to.toFixed(1), (to / from).toFixed(2)]
  console.log(`\n${CLIENTS} clients for ${seconds.toFixed(1)} s, with faults and a state file`)
  print(
    ['requests', 'a second', 'faults met', 'errors', 'state file, kB'],
    [
      [requests, (requests / seconds).toFixed(1), faults, errors.length, (stateBytes / 1e3).toFixed(0)].map(
        String,
      ),
    ],
  )
  print(
    ['memory of the emulator, MB', 'second third', 'last third', 'growth'],
    [row('heap after collection', growthOf('heapMb')), row('resident', growthOf('rssMb'))],
  )
  for (const error of new Set(errors)) console.log(error)
  const [from, to] = growthOf('heapMb')
  if (errors.length > 0 || to > from * MOST_GROWTH) process.exitCode = 1
}

function reportPages(results) {
  const rows = results.map(({ kind, shortMs, firstMs, lastMs }) => {
    const times = [firstMs / shortMs, lastMs / shortMs]
    if (Math.max(...times) > MOST_TIMES_LONGER) process.exitCode = 1
    return [kind, shortMs.toFixed(2), ...times.map((ratio) => ratio.toFixed(2))]
  })
  print(['a page of a long list', 'short list, ms', 'first pages / short', 'last pages / short'], rows)
}
