import type { Emulator, EmulatorOptions } from '@telnyx-oauth/emulator'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { authorizeUrl, signInToEmulator } from '../../../support/emulator-sign-in.ts'
import { createCookieJar, createNavigator } from '../../../support/navigate.ts'
import { startEmulator } from '../../../support/start-emulator.ts'

const home = 'http://localhost:5173/'

function startWithLogout(options: EmulatorOptions = {}): Promise<Emulator> {
  return startEmulator({ endSession: true, openId: true, rememberSignIn: true, ...options })
}

function logoutUrl(emulator: Emulator, params: Readonly<Record<string, string>>): string {
  return `${emulator.url}/v2/oauth/logout?${new URLSearchParams(params)}`
}

async function idTokenOf(emulator: Emulator, navigator = createNavigator()): Promise<string> {
  const tokens = await signInToEmulator(emulator.issuer, { scope: 'openid', navigator })
  return String(tokens.id_token)
}

/** Whether authorize responds with a code at once, as it does while the browser has a session. */
async function isRemembered(
  emulator: Emulator,
  navigator: ReturnType<typeof createNavigator>,
): Promise<boolean> {
  const { url } = await authorizeUrl(emulator.issuer, { scope: 'openid' })
  const { location = '' } = await navigator.follow(url)
  return new URL(location || emulator.url).searchParams.has('code')
}

describe('end-session endpoint', () => {
  test('is offered by option only', async () => {
    const path = '/.well-known/oauth-authorization-server'
    const [without, offered] = [await startEmulator(), await startWithLogout()]
    expect(await (await fetch(`${without.url}${path}`)).json()).not.toHaveProperty('end_session_endpoint')
    expect((await fetch(`${without.url}/v2/oauth/logout`)).status).toBe(404)
    expect(await (await fetch(`${offered.url}${path}`)).json()).toMatchObject({
      end_session_endpoint: `${offered.issuer}/v2/oauth/logout`,
    })
  })

  test.each(['get', 'post'] as const)(
    '%s with a valid id_token_hint ends the session and redirects at once',
    async (method) => {
      const emulator = await startWithLogout()
      const navigator = createNavigator()
      const params = {
        id_token_hint: await idTokenOf(emulator, navigator),
        post_logout_redirect_uri: home,
        state: 'a b',
      }
      expect(await isRemembered(emulator, navigator)).toBe(true)
      const response =
        method === 'get'
          ? await navigator.get(logoutUrl(emulator, params))
          : await navigator.post(`${emulator.url}/v2/oauth/logout`, params)
      expect(response).toMatchObject({ status: 303, location: `${home}?state=a+b` })
      expect(await isRemembered(emulator, navigator)).toBe(false)
      expect(emulator.requests({ endpoint: 'end-session' })).toMatchObject([
        { params: { id_token_hint: expect.stringMatching(/^#/) } },
      ])
    },
  )

  test('the session ends on the server too: its old cookie signs no user in', async () => {
    const emulator = await startWithLogout()
    const [jar, oldJar] = [createCookieJar(), createCookieJar()]
    const navigator = createNavigator(jar)
    const hint = await idTokenOf(emulator, navigator)
    oldJar.store(jar.header('/').split('; '))
    expect(await isRemembered(emulator, createNavigator(oldJar))).toBe(true)
    const { text } = await navigator.get(logoutUrl(emulator, { id_token_hint: hint }))
    expect(text).toContain('You are signed out')
    expect(await isRemembered(emulator, createNavigator(oldJar))).toBe(false)
  })

  test('an id_token_hint that has expired is as good as another', async () => {
    const emulator = await startWithLogout()
    const params = { id_token_hint: await idTokenOf(emulator), post_logout_redirect_uri: home }
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2 * 3600 * 1000 })
    onTestFinished(() => void vi.useRealTimers())
    expect((await createNavigator().get(logoutUrl(emulator, params))).location).toBe(home)
  })

  test('client_id alone shows a page, and its button ends the session', async () => {
    const emulator = await startWithLogout()
    const navigator = createNavigator()
    await idTokenOf(emulator, navigator)
    const params = { client_id: 'telnyx-demo', post_logout_redirect_uri: home, state: '"x"' }
    const page = await navigator.get(logoutUrl(emulator, params))
    expect(page).toMatchObject({ status: 200, location: undefined })
    expect(page.text).toMatch(/<button[^>]*>Sign out<\/button>/)
    expect(page.text).toContain('name="state" value="&quot;x&quot;"')
    expect(String(page.headers['content-security-policy'])).toContain(
      "form-action 'self' http://localhost:5173",
    )
    expect(await isRemembered(emulator, navigator)).toBe(true)
    const answer = await navigator.post(`${emulator.url}/v2/oauth/logout`, {
      ...params,
      decision: 'sign-out',
    })
    expect(answer).toMatchObject({ status: 303, location: `${home}?state=%22x%22` })
    expect(await isRemembered(emulator, navigator)).toBe(false)
  })

  test('a request without any parameter shows the page too', async () => {
    const emulator = await startWithLogout()
    expect((await createNavigator().get(logoutUrl(emulator, {}))).text).toContain('Sign out of Telnyx?')
  })

  test.each<[string, (hint: string) => Readonly<Record<string, string>>, number]>([
    [
      'an unregistered URI',
      () => ({ client_id: 'telnyx-demo', post_logout_redirect_uri: 'https://evil.example/' }),
      422,
    ],
    ['a URI without a client', () => ({ post_logout_redirect_uri: home }), 422],
    ['a client that is unknown', () => ({ client_id: 'nobody' }), 404],
    ['another client than that of the hint', (hint) => ({ id_token_hint: hint, client_id: 'other' }), 400],
    ['a hint with another signature', (hint) => ({ id_token_hint: `${hint.slice(0, -8)}AAAAAAAA` }), 400],
    ['a hint that is no ID token', () => ({ id_token_hint: 'x' }), 400],
  ])('%s gets the error page, and the session lives on', async (_title, paramsFor, status) => {
    const emulator = await startWithLogout()
    const navigator = createNavigator()
    const params = paramsFor(await idTokenOf(emulator, navigator))
    const page = await navigator.post(`${emulator.url}/v2/oauth/logout`, { ...params, decision: 'sign-out' })
    expect(page).toMatchObject({ status, location: undefined })
    expect(page.text).toContain('<h1>')
    expect(await isRemembered(emulator, navigator)).toBe(true)
  })

  test('a client names its own post-logout redirect URIs, which no list of clients shows', async () => {
    const uri = 'https://app.example/bye'
    const emulator = await startWithLogout({
      clients: [{ clientId: 'mine', name: 'Mine', postLogoutRedirectUris: [uri] }],
    })
    const params = { client_id: 'mine', post_logout_redirect_uri: uri, decision: 'sign-out' }
    const answer = await createNavigator().post(`${emulator.url}/v2/oauth/logout`, params)
    expect(answer.location).toBe(uri)
    const headers = { authorization: 'Bearer KEY_EMULATOR_AVA' }
    const list = await (await fetch(`${emulator.url}/v2/oauth_clients`, { headers })).json()
    expect(JSON.stringify(list)).not.toContain('logout')
  })
})
