// npm start: the demo and the emulator that it signs in to, with whatever a fresh clone lacks.
import { createServer as createTcpServer } from 'node:net'
import { join } from 'node:path'
import { ensureDependencies, ROOT } from './support/install.mjs'

const EMULATOR_PORT = 4010
const DEMO_PORT = '5173'
const ATTEMPTS = 20

try {
  ensureDependencies()
  const issuer = process.env.VITE_TELNYX_ISSUER ?? (await placeEmulator())
  const url = await startDemo()
  const people = await whoCanSignIn(issuer)
  console.log(`\n  Telnyx OAuth console  ${url}\n  ${people}\n  Ctrl-C ends everything.\n`)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}

/** Chooses the emulator's port and tells vite.config.ts and the demo, which read it from the environment. */
async function placeEmulator() {
  const port = await firstFreePort(EMULATOR_PORT)
  const issuer = `http://localhost:${port}`
  if (port !== EMULATOR_PORT) console.log(`Port ${EMULATOR_PORT} is in use, so the emulator is on ${port}.`)
  Object.assign(process.env, {
    TELNYX_EMULATOR_PORT: String(port),
    VITE_TELNYX_ISSUER: issuer,
    VITE_TELNYX_API: process.env.VITE_TELNYX_API ?? `${issuer}/v2`,
  })
  return issuer
}

/** @param {number} wanted */
async function firstFreePort(wanted) {
  for (let port = wanted; port < wanted + ATTEMPTS; port += 1) if (await isFree(port)) return port
  throw new Error(
    `Ports ${wanted} to ${wanted + ATTEMPTS - 1} are all in use: end what listens there, then start again.`,
  )
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function isFree(port) {
  return new Promise((settle) => {
    const server = createTcpServer()
    server.once('error', () => settle(false))
    server.listen(port, '127.0.0.1', () => server.close(() => settle(true)))
  })
}

/** @returns {Promise<string>} where it is */
async function startDemo() {
  const { createServer } = await import('vite')
  const server = await createServer({
    configFile: join(ROOT, 'vite.config.ts'),
    logLevel: 'warn',
    clearScreen: false,
  })
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => void server.close().finally(() => process.exit(0)))
  await server.listen()
  const [url] = server.resolvedUrls?.local ?? []
  if (!url) throw new Error('The demo is not reachable from this machine.')
  const { port } = new URL(url)
  if (port !== DEMO_PORT) console.log(`Port ${DEMO_PORT} is in use, so the demo is on ${port}.`)
  return url
}

/**
 * Asks the emulator, which starts beside the demo, for its people.
 *
 * @param {string} issuer
 */
async function whoCanSignIn(issuer) {
  if (!process.env.TELNYX_EMULATOR_PORT) return `Sign in with an account of ${issuer}.`
  const { accounts } = await askUntilItAnswers(`${issuer}/__emulator`)
  const people = accounts.map(
    (/** @type {{ name: string, email: string }} */ { name, email }) => `${name} <${email}>`,
  )
  return `Sign in as ${new Intl.ListFormat('en', { type: 'disjunction' }).format(people)}: there are no passwords.`
}

/** @param {string} url */
async function askUntilItAnswers(url) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const response = await fetch(url).catch(() => undefined)
    if (response?.ok) return response.json()
    await new Promise((settle) => setTimeout(settle, 50))
  }
  throw new Error('The emulator did not start.')
}
