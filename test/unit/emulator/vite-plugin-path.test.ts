import { request } from 'node:http'
import { type EmulatorPluginOptions, telnyxOAuthEmulator } from '@telnyx-oauth/emulator/vite'
import { createLogger, createServer, type InlineConfig, preview, type ViteDevServer } from 'vite'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import {
  authorizeInBrowser,
  authorizeUrl,
  discoverEmulator,
  refreshAtEmulator,
  signInToEmulator,
} from '../../support/emulator-sign-in.ts'
import { createCookieJar, createNavigator } from '../../support/navigate.ts'

beforeEach(() => {
  vi.stubEnv('VITEST', undefined)
  return () => vi.unstubAllEnvs()
})

function config(options: EmulatorPluginOptions = {}): InlineConfig {
  return {
    configFile: false,
    root: import.meta.dirname,
    server: { port: 0, host: '127.0.0.1', watch: null, allowedHosts: ['app.example'] },
    logLevel: 'silent',
    optimizeDeps: { noDiscovery: true },
    plugins: [telnyxOAuthEmulator({ path: '/telnyx', ...options })],
  }
}

function originOf({ resolvedUrls }: Pick<ViteDevServer, 'resolvedUrls'>): string {
  return new URL(resolvedUrls?.local[0] ?? '').origin.replace('127.0.0.1', 'localhost')
}

/** A real dev server with the emulator on `/telnyx`. @returns its origin */
async function serveApp(options: EmulatorPluginOptions = {}): Promise<string> {
  const server = await createServer(config(options))
  onTestFinished(() => server.close())
  await server.listen()
  return originOf(server)
}

interface Reply {
  readonly status: number
  readonly location: string
  readonly cookies: readonly string[]
  readonly text: string
}

/** `fetch` sets the header Host by itself, so this does not use it. */
function ask(url: string, headers: Readonly<Record<string, string>>): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers, agent: false }, async (response) => {
      let text = ''
      for await (const chunk of response) text += String(chunk)
      const { location = '', 'set-cookie': cookies = [] } = response.headers
      resolve({ status: response.statusCode ?? 0, location, cookies, text })
    })
    sent.on('error', reject)
    sent.end()
  })
}

async function json(url: string): Promise<Record<string, unknown>> {
  return (await (await fetch(url)).json()) as Record<string, unknown>
}

describe('the Vite plugin with a path', () => {
  test('signs in, refreshes and remembers the user on the origin of the app, every cookie under the path', async () => {
    const origin = await serveApp({ rememberSignIn: true })
    const issuer = `${origin}/telnyx`
    const jar = createCookieJar()
    const cookies: string[] = []
    const store = (lines: readonly string[]): void => {
      cookies.push(...lines)
      jar.store(lines)
    }
    const navigator = createNavigator({ ...jar, store })
    // On another host, or the navigator would go on into the app.
    const redirectUri = 'http://127.0.0.1:5173/callback'
    const tokens = await signInToEmulator(issuer, { navigator, redirectUri })
    await refreshAtEmulator(issuer, tokens.refresh_token ?? '')
    const { callbackUrl } = await authorizeInBrowser(issuer, { navigator, redirectUri })
    expect(callbackUrl.searchParams.has('code')).toBe(true)
    const paths = cookies.map((line) => /; path=([^;]+)/.exec(line)?.[1])
    expect(new Set(paths.map((path) => path?.split('/')[1]))).toEqual(new Set(['telnyx']))
    expect(paths).toContain('/telnyx')
    const logged = await fetch(`${issuer}/__emulator/requests`)
    const requests = (await logged.json()) as { endpoint: string; path: string }[]
    const names = requests.map(({ endpoint }) => endpoint)
    expect(names).toEqual(expect.arrayContaining(['metadata', 'authorize', 'sign-in', 'token']))
    expect(names).not.toContain('unknown')
    expect(requests.filter(({ endpoint }) => endpoint === 'token').map(({ path }) => path)).toEqual([
      '/v2/oauth/token',
      '/v2/oauth/token',
    ])
  })

  test('names only URLs under the path in its metadata, which are found behind the well-known part too', async () => {
    const origin = await serveApp({ openId: true, endSession: true, resources: ['/own'] })
    const issuer = `${origin}/telnyx`
    const metadata = await discoverEmulator(issuer)
    const urls = Object.entries(metadata).filter(([name]) => /_endpoint$|^jwks_uri$|^issuer$/.test(name))
    expect(urls.length).toBeGreaterThan(6)
    expect(urls.filter(([, url]) => !String(url).startsWith(issuer))).toEqual([])
    for (const path of [
      '/.well-known/openid-configuration/telnyx',
      '/telnyx/.well-known/openid-configuration',
      '/telnyx/v2/.well-known/oauth-authorization-server',
    ])
      expect([path, await json(`${origin}${path}`)]).toEqual([path, metadata])
    for (const path of ['', '/v2/mcp', '/own'])
      expect(await json(`${origin}/.well-known/oauth-protected-resource/telnyx${path}`)).toMatchObject({
        resource: `${issuer}${path}`,
        authorization_servers: [issuer],
      })
    const challenge = (await fetch(`${issuer}/v2/mcp`)).headers.get('www-authenticate')
    expect(challenge).toBe(
      `Bearer resource_metadata="${origin}/.well-known/oauth-protected-resource/telnyx/v2/mcp"`,
    )
  })

  test.each([
    [false, 'http://localhost:3000', null],
    [{ origins: ['https://app.example'] }, 'https://app.example', 'https://app.example'],
    [{ origins: ['https://app.example'] }, 'http://localhost:3000', null],
    [{ except: ['token' as const] }, 'http://localhost:3000', null],
  ])(
    'responds to preflights by its own option cors, not by that of Vite: %j %s',
    async (cors, origin, allowed) => {
      const headers = { origin, 'access-control-request-method': 'POST' }
      const preflight = { method: 'OPTIONS', headers }
      const response = await fetch(`${await serveApp({ cors })}/telnyx/v2/oauth/token`, preflight)
      expect(response.headers.get('access-control-allow-origin')).toBe(allowed)
    },
  )

  test('releases through one origin what a hold keeps open that was made through another', async () => {
    const origin = await serveApp()
    const other = origin.replace('localhost', '127.0.0.1')
    const post = (url: string, body: object) =>
      fetch(`${url}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    const made = await post(`${origin}/telnyx/__emulator/hold`, { endpoint: 'jwks' })
    const { id } = (await made.json()) as { id: string }
    const asked = fetch(`${other}/telnyx/v2/oauth/jwks`)
    expect((await fetch(`${other}/telnyx/__emulator/hold?id=${id}`)).status).toBe(200)
    expect((await fetch(`${other}/telnyx/__emulator/release?id=${id}`, { method: 'POST' })).status).toBe(200)
    expect((await asked).status).toBe(200)
  })

  test.each([
    ['the path of the app', { base: '/telnyx/' }, '/other', /"path" \/telnyx is the path of the app itself/],
    ['a path above that of the app', { base: '/telnyx/app/' }, '/other', /the path of the app itself/],
    ['the path of another emulator', {}, '/telnyx', /another emulator has "path" \/telnyx, or one within it/],
    ['a path above that of another emulator', {}, '/telnyx/eu', /another emulator has "path" \/telnyx/],
  ])('is refused on %s', async (_, settings, path, message) => {
    const { plugins = [], ...own } = config()
    const others = [...plugins, telnyxOAuthEmulator({ path })]
    await expect(createServer({ ...own, ...settings, plugins: others })).rejects.toThrow(message)
  })

  test('serves two emulators on two paths, beside an app with a base', async () => {
    const { plugins = [], ...own } = config()
    const others = [...plugins, telnyxOAuthEmulator({ path: '/telnyx-eu' })]
    const server = await createServer({ ...own, base: '/app/', plugins: others })
    onTestFinished(() => server.close())
    await server.listen()
    for (const path of ['/telnyx', '/telnyx-eu']) {
      const issuer = `${originOf(server)}${path}`
      expect(await json(`${issuer}/.well-known/oauth-authorization-server`)).toMatchObject({ issuer })
    }
  })

  test('takes no other path of the origin', async () => {
    const origin = await serveApp()
    for (const path of [
      '/',
      '/telnyx-app',
      '/v2/oauth/jwks',
      '/.well-known/oauth-authorization-server',
      '/.well-known/oauth-protected-resource/telnyx-app',
    ])
      expect([path, (await fetch(`${origin}${path}`)).headers.get('x-request-id')]).toEqual([path, null])
    for (const path of ['/telnyx', '/telnyx/', '/telnyx?a=b', '/telnyx/v2/oauth/jwks'])
      expect([path, (await fetch(`${origin}${path}`)).status]).toEqual([path, 200])
  })

  test('lets a consent page of the app decide, and the user sign out', async () => {
    const origin = await serveApp({ consentUrl: 'https://consent.example/', endSession: true })
    const issuer = `${origin}/telnyx`
    const navigator = createNavigator()
    const redirected = await navigator.get((await authorizeUrl(issuer)).url)
    const token = new URL(redirected.location ?? '').searchParams.get('consent_token')
    const decided = await fetch(`${issuer}/v2/oauth/grants`, {
      method: 'POST',
      headers: { authorization: 'Bearer KEY_EMULATOR_AVA', 'content-type': 'application/json' },
      body: JSON.stringify({ allowed: true, consent_token: token }),
    })
    expect(await decided.json()).toEqual({
      redirect_uri: expect.stringContaining('http://localhost:5173/callback?code='),
    })
    const question = await navigator.get(`${issuer}/v2/oauth/logout`)
    expect(question.text).toContain('action="/telnyx/v2/oauth/logout"')
  })

  test('has an issuer for each origin that its server is reached by, with cookies for https only where it is', async () => {
    const origin = await serveApp()
    const path = '/.well-known/oauth-authorization-server/telnyx'
    const issuerFor = async (headers: Readonly<Record<string, string>>): Promise<unknown> =>
      JSON.parse((await ask(`${origin}${path}`, headers)).text).issuer
    expect(await issuerFor({ host: '192.168.1.5:5173' })).toBe('http://192.168.1.5:5173/telnyx')
    const proxied = {
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'name-5173.app.github.dev',
    }
    const issuer = 'https://name-5173.app.github.dev/telnyx'
    expect(await issuerFor(proxied)).toBe(issuer)
    const redirectUri = 'https://name-5173.app.github.dev/callback'
    const { url } = await authorizeUrl(`${origin}/telnyx`, { redirectUri })
    const authorize = await ask(url, proxied)
    expect(authorize.location).toMatch(/^\/telnyx\/sign-in\//)
    expect(authorize.cookies.length).toBeGreaterThan(1)
    for (const cookie of authorize.cookies) expect(cookie).toMatch(/; path=\/telnyx\/.*; secure/i)
    expect((await ask(url, {})).status).toBe(422)
    expect(await issuerFor({ 'x-forwarded-host': 'no host' })).toBe(`${origin}/telnyx`)
  })

  test('accepts the redirect URI of another origin than its own no more than without a path', async () => {
    const origin = await serveApp()
    const statusOf = async (redirectUri: string): Promise<number> =>
      (await ask((await authorizeUrl(`${origin}/telnyx`, { redirectUri })).url, { host: 'app.example' }))
        .status
    expect(await statusOf('http://app.example/callback')).toBe(302)
    expect(await statusOf('http://app.example/elsewhere')).toBe(422)
    expect(await statusOf('http://app.example.evil/callback')).toBe(422)
    expect(await statusOf('https://app.example/callback')).toBe(422)
    const exact = await serveApp({ redirectUriMatching: 'exact' })
    const { url } = await authorizeUrl(`${exact}/telnyx`, { redirectUri: `${exact}/callback` })
    expect((await ask(url, {})).status).toBe(422)
  })

  test('opens the controls to this machine alone', async () => {
    const origin = await serveApp()
    const controls = `${origin}/telnyx/__emulator/`
    expect(JSON.parse((await ask(controls, {})).text)).toMatchObject({ issuer: `${origin}/telnyx` })
    for (const headers of [
      { host: '192.168.1.5:5173' },
      { origin: 'https://evil.example' },
      { 'x-forwarded-host': 'localhost' },
    ])
      expect([headers, (await ask(controls, headers)).status]).toEqual([headers, 403])
  })

  test('says where it is, and goes on after a restart and in preview', async () => {
    const logger = createLogger('silent')
    const lines: string[] = []
    logger.info = (text) => lines.push(text)
    const server = await createServer({ ...config(), customLogger: logger })
    onTestFinished(() => server.close())
    await server.listen()
    const origin = originOf(server)
    expect((await fetch(`${origin}/telnyx`)).status).toBe(200)
    expect(lines.join()).toContain(`Telnyx OAuth emulator  ${origin}/telnyx`)
    await server.restart()
    expect((await fetch(`${originOf(server)}/telnyx`)).status).toBe(200)
    const built = await preview({
      ...config(),
      preview: { port: 0, host: '127.0.0.1' },
      build: { outDir: '.' },
    })
    onTestFinished(() => built.close())
    expect((await fetch(`${originOf(built)}/telnyx`)).status).toBe(200)
  })

  test.each(['telnyx', '/telnyx/', '/', '', '/a b', '/..', '/a?b', '//a'])(
    'refuses "%s", which is no path, in a sentence',
    (path) => {
      expect(() => telnyxOAuthEmulator({ path })).toThrow(/option "path" must be a path like "\/telnyx"/)
    },
  )

  test.each([{ port: 4010 }, { host: '0.0.0.0' }, { publicHost: 'a' }, { issuer: 'https://a.example' }])(
    'refuses %o beside the path: the server of the app listens',
    (options) => {
      expect(() => telnyxOAuthEmulator({ path: '/telnyx', ...options })).toThrow(/exclude each other/)
    },
  )
})
