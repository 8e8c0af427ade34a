// npm run screenshots: every page of the built demo, on a phone and on a desktop, in the light and in the dark, as PNG
// files in screenshots/. They are there to be looked at: nothing compares them.
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBrowsers, ensureDependencies, ROOT } from './support/install.mjs'

/** @typedef {import('playwright').Page} Page */

const FOLDER = join(ROOT, 'screenshots')
const SCREENS = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } }
const SCHEMES = /** @type {const} */ (['light', 'dark'])

ensureDependencies()
await ensureBrowsers(['chromium'])
const { CHROMIUM_FLAGS, findChromium } = await import('./support/browsers.mjs')
const executablePath = findChromium()
const { build, preview } = await import('vite')
const { chromium } = await import('playwright')

const issuer = `http://localhost:${await freePort()}`
Object.assign(process.env, {
  TELNYX_EMULATOR_PORT: new URL(issuer).port,
  VITE_TELNYX_ISSUER: issuer,
  VITE_TELNYX_API: `${issuer}/v2`,
})
const outDir = await mkdtemp(join(tmpdir(), 'screenshots-'))
/** @type {import('vite').InlineConfig} */
const config = {
  configFile: join(ROOT, 'vite.config.ts'),
  logLevel: 'error',
  build: { outDir, emptyOutDir: true },
  preview: { host: '127.0.0.1', port: 0 },
}
await build(config)
// The emulator comes with it.
const server = await preview(config)
const browser = await chromium.launch({
  ...(executablePath && { executablePath }),
  args: [...CHROMIUM_FLAGS],
})
try {
  await rm(FOLDER, { recursive: true, force: true })
  await mkdir(FOLDER)
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.httpServer.address())
  for (const [screen, viewport] of Object.entries(SCREENS))
    for (const colorScheme of SCHEMES)
      await photograph(`http://localhost:${port}`, screen, viewport, colorScheme)
  console.log(`The pictures are in ${FOLDER}`)
} finally {
  await browser.close()
  await server.close()
  await rm(outDir, { recursive: true })
}

/**
 * @param {string} origin
 * @param {string} screen
 * @param {{ width: number, height: number }} viewport
 * @param {'light' | 'dark'} colorScheme
 */
async function photograph(origin, screen, viewport, colorScheme) {
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' })
  const page = await context.newPage()
  /** @param {string} name */
  const take = (name) =>
    page.screenshot({ path: join(FOLDER, `${name}-${screen}-${colorScheme}.png`), fullPage: true })

  await page.goto(origin)
  const signIn = page.getByRole('button', { name: 'Sign in with Telnyx' })
  await signIn.waitFor()
  await take('signed-out')
  await signIn.click()
  await page.getByRole('button', { name: 'Allow' }).waitFor()
  await take('emulator')
  await page.getByRole('button', { name: 'Allow' }).click()
  await page.getByRole('status').filter({ hasText: 'Signed in' }).waitFor()
  for (const [name, path] of await addresses()) {
    await page.goto(origin + path)
    await settled(page)
    await take(name)
  }
  await context.close()
}

/** The page has its heading, and nothing in it is on its way. @param {Page} page */
async function settled(page) {
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.waitForFunction(() => !document.querySelector('.skeleton, .page-progress'))
}

/**
 * Every page of `pages.ts` with a name for its file; what an address leaves open is filled in.
 *
 * @returns {Promise<(readonly [name: string, address: string])[]>}
 */
async function addresses() {
  const source = await readFile(join(ROOT, 'demo', 'src', 'pages', 'pages.ts'), 'utf8')
  const paths = [...source.matchAll(/ path: '([^']+)'/g)].map(([, path = '/']) => path)
  const token = await consentToken()
  const [{ id: grantId }] = await fetch(`${issuer}/__emulator/grants`).then((answer) => answer.json())
  return paths.map((path) => {
    const name = path.replaceAll(/[/:]+/g, ' ').trim().replaceAll(' ', '-') || 'session'
    const address = path.replace(':clientId', 'telnyx-demo').replace(':grantId', grantId)
    return /** @type {const} */ ([name, path === '/consent' ? `${address}?consent_token=${token}` : address])
  })
}

/** Begins a sign-in at the emulator, as an app would. It sends people to `…/{consent token}`. */
async function consentToken() {
  const url = new URL(`${issuer}/v2/oauth/authorize`)
  const parameters = {
    response_type: 'code',
    client_id: 'telnyx-demo',
    redirect_uri: 'http://localhost:5173/callback',
    scope: 'billing.read messaging.write',
    code_challenge: 'A'.repeat(43),
    code_challenge_method: 'S256',
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  const { headers } = await fetch(url, { redirect: 'manual' })
  return headers.get('location')?.split('/').at(-1) ?? ''
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((settle) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (probe.address())
      probe.close(() => settle(port))
    })
  })
}
