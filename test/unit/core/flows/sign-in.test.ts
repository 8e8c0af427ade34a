import { describe, expect, test } from 'vitest'
import { memoryStorage } from '../../../../packages/core/src/ports/memory.ts'
import { fc } from '../../../support/fast-check.ts'
import { codesSent, createScene, errorOf, transactionsKey } from '../../../support/scene.ts'
import { callbackUrl } from '../../../support/sign-in-tab.ts'
import { appOrigin } from '../../../support/simulated-browser.ts'

type Parameters = Record<string, string>

const parametersOf = (url: string): Parameters => Object.fromEntries(new URL(url).searchParams)

describe('signing in', () => {
  test('ends signed in at the return path, after one metadata and one token request', async () => {
    const { server, signIn } = createScene()
    const { auth, page } = await signIn()
    expect(auth.getSnapshot()).toMatchObject({
      status: 'signed-in',
      token: { accessToken: 'access-2', scopes: ['messaging.read', 'billing.read'] },
    })
    expect(page.href()).toBe('http://localhost:5173/inbox')
    expect(server.requests.map(({ path }) => path)).toEqual([
      '/.well-known/oauth-authorization-server',
      '/v2/oauth/token',
    ])
  })

  test('a second sign-in asks for no metadata', async () => {
    const { server, signIn } = createScene()
    await signIn()
    const before = server.requests.length
    await signIn()
    expect(server.requests.slice(before).map(({ grant }) => grant)).toEqual(['authorization_code'])
  })

  test('leaves with a code request, PKCE S256 and a state, and asks for what the app named', async () => {
    const scene = createScene()
    const url = await scene.leave(scene.open())
    expect(url).toMatch(/^https:\/\/api\.telnyx\.com\/v2\/oauth\/authorize\?/)
    expect(parametersOf(url)).toEqual({
      response_type: 'code',
      client_id: 'telnyx-demo',
      redirect_uri: `${appOrigin}/callback`,
      scope: 'messaging.read billing.read',
      state: expect.stringMatching(/^tx1\.[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    })
  })

  test('asks for no scope that nobody named', async () => {
    const scene = createScene()
    const url = await scene.leave(scene.open(undefined, { scope: [] }))
    expect(parametersOf(url)).not.toHaveProperty('scope')
  })

  test('has a state, a challenge and a verifier of its own every time', async () => {
    const scene = createScene()
    const urls = []
    for (let n = 0; n < 5; n++) urls.push(parametersOf(await scene.leave(scene.open())))
    expect(new Set(urls.map(({ state }) => state)).size).toBe(5)
    expect(new Set(urls.map(({ code_challenge }) => code_challenge)).size).toBe(5)
  })

  test('may ask for other scopes, a resource, a person, a prompt and what the server knows besides', async () => {
    const scene = createScene()
    const url = await scene.leave(scene.open(), {
      scope: 'voice.write',
      resource: 'https://api.telnyx.com/v2',
      loginHint: 'ada@example.com',
      prompt: 'consent',
      parameters: { ui_locales: 'de' },
    })
    expect(parametersOf(url)).toMatchObject({
      scope: 'voice.write',
      resource: 'https://api.telnyx.com/v2',
      login_hint: 'ada@example.com',
      prompt: 'consent',
      ui_locales: 'de',
    })
  })

  test('names every resource that its tokens may be for; the code is exchanged for a token for the first', async () => {
    const scene = createScene()
    const resource = ['https://api.telnyx.com', 'https://api.telnyx.com/v2/mcp']
    const tab = await scene.signIn({ issuer: scene.server.issuer, resource })
    expect(scene.server.tokenRequests()[0]?.parameters.getAll('resource')).toEqual(resource.slice(0, 1))
    await tab.auth.refresh()
    expect(scene.server.tokenRequests()[1]?.parameters.getAll('resource')).toEqual(resource.slice(0, 1))
    const { searchParams } = new URL(await scene.leave(tab))
    expect(searchParams.getAll('resource')).toEqual(resource)
    const others = new URL(await scene.leave(tab, { resource: resource.slice(1) })).searchParams
    expect(others.getAll('resource')).toEqual(resource.slice(1))
  })

  test('keeps the query that the authorization endpoint has of its own', async () => {
    const metadata = {
      authorization_endpoint: 'https://api.telnyx.com/authorize?tenant=7&response_type=token',
    }
    const url = await createScene({ metadata }).leave(createScene({ metadata }).open())
    expect(parametersOf(url)).toMatchObject({ tenant: '7', response_type: 'code' })
  })

  test('grants the scopes that were asked for where the server does not say', async () => {
    const scene = createScene()
    const tab = scene.open()
    await scene.leave(tab, { scope: ['a', 'b'] })
    scene.server.script('/v2/oauth/token', () => Response.json({ access_token: 'x', token_type: 'bearer' }))
    const back = await scene.comeBack(tab)
    expect(back.auth.getSnapshot()).toMatchObject({ token: { scopes: ['a', 'b'] } })
  })

  test('is told to listeners without anything that is secret', async () => {
    const scene = createScene()
    const tab = scene.open()
    await scene.leave(tab, { automatic: true })
    expect(tab.events).toEqual([{ type: 'sign-in-started', automatic: true, atMs: scene.clock.now() }])
  })

  test('keeps verifier and return path out of the URL', async () => {
    const scene = createScene()
    const url = await scene.leave(scene.open(), { returnTo: '/secret-page' })
    const stored = JSON.stringify(scene.records.get(transactionsKey))
    const verifier = /"verifier":"([^"]+)"/.exec(stored)?.[1] ?? ''
    expect(verifier).toHaveLength(43)
    expect(url).not.toContain(verifier)
    expect(url).not.toContain('secret-page')
  })
})

describe('the redirect URI', () => {
  test.each([
    ['/callback', `${appOrigin}/callback`],
    ['/auth/done?x=1', `${appOrigin}/auth/done?x=1`],
    ['https://app.example/callback', 'https://app.example/callback'],
    ['https://app.example', 'https://app.example'],
    ['https://app.example:443/Sign-In?x=1', 'https://app.example:443/Sign-In?x=1'],
  ])('%s is %s, whatever page is shown', async (redirectUri, expected) => {
    const scene = createScene()
    const url = await scene.leave(scene.open(`${appOrigin}/deep/page?x#y`, { redirectUri }))
    expect(parametersOf(url).redirect_uri).toBe(expected)
  })

  test('may be another one for a sign-in: the server and the exchange receive it, and it is the way back', async () => {
    const scene = createScene()
    const tab = scene.open()
    const url = await scene.leave(tab, { redirectUri: '/partner/done' })
    expect(parametersOf(url).redirect_uri).toBe(`${appOrigin}/partner/done`)
    const back = await scene.comeBack(tab)
    expect(back.auth.getSnapshot().status).toBe('signed-in')
    expect(back.page.href()).toBe(`${appOrigin}/inbox`)
    expect(scene.server.tokenRequests()[0]?.parameters.get('redirect_uri')).toBe(`${appOrigin}/partner/done`)
  })

  test('of the client is no way back for a sign-in that named another one', async () => {
    const scene = createScene()
    const tab = scene.open()
    const url = callbackUrl(scene.server, await scene.leave(tab, { redirectUri: '/partner/done' }))
    const back = await scene.comeBack(tab, url.replace('/partner/done', '/elsewhere'))
    expect(back.auth.getSnapshot()).toEqual({ status: 'signed-out' })
    expect(codesSent(scene)).toBe(0)
  })

  test('that breaks the rule of the option is a TypeError, and the page stays', async () => {
    const tab = createScene().open()
    const signedIn = tab.auth.signIn({ redirectUri: '//evil.example' })
    await expect(signedIn).rejects.toThrow('signIn: "redirectUri" must be a path')
    expect(tab.page.href()).toBe(`${appOrigin}/`)
  })
})

describe('the return path', () => {
  test('is the page that signed in, with its query and fragment', async () => {
    const scene = createScene()
    const tab = scene.open(`${appOrigin}/list?page=2#row-7`)
    await tab.auth.signIn()
    const back = await scene.comeBack(tab)
    expect(back.page.href()).toBe(`${appOrigin}/list?page=2#row-7`)
  })

  test('is the start page when the sign-in began on the redirect URI', async () => {
    const scene = createScene()
    const tab = scene.open(`${appOrigin}/callback?left=over`)
    await tab.auth.signIn()
    expect((await scene.comeBack(tab)).page.href()).toBe(`${appOrigin}/`)
  })

  test('is the start page when the sign-in began on the redirect URI of that sign-in', async () => {
    const scene = createScene()
    const tab = scene.open(`${appOrigin}/partner/done`)
    await tab.auth.signIn({ redirectUri: '/partner/done' })
    expect((await scene.comeBack(tab)).page.href()).toBe(`${appOrigin}/`)
  })

  test('is handed to the router where there is one', async () => {
    const scene = createScene()
    const paths: string[] = []
    const tab = await scene.signIn({ navigate: (path) => void paths.push(path) })
    expect(paths).toEqual(['/inbox'])
    expect(tab.page.href()).toBe(`${appOrigin}/callback`)
  })

  test('elsewhere is a TypeError, and the page stays', async () => {
    const scene = createScene()
    const tab = scene.open()
    for (const returnTo of [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      'javascript:alert(1)',
      '',
    ]) {
      await expect(tab.auth.signIn({ returnTo })).rejects.toThrow(TypeError)
      await expect(tab.auth.signIn({ returnTo })).rejects.toThrow('"returnTo" must be a path on this origin')
    }
    expect(tab.page.href()).toBe(`${appOrigin}/`)
    expect(scene.server.requests).toEqual([])
  })

  test('never leaves the origin, whatever was stored in its place', async () => {
    const piece = fc.constantFrom(
      '/',
      '\\',
      '\t',
      '.',
      '..',
      'evil.example',
      'https:',
      'javascript:',
      '@',
      '%2f',
      'a',
    )
    const target = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''))
    await fc.assert(
      fc.asyncProperty(target, async (returnTo) => {
        const scene = createScene()
        const paths: string[] = []
        const options = { navigate: (path: string) => void paths.push(path) }
        const tab = scene.open(undefined, options)
        await scene.leave(tab)
        const key = transactionsKey
        const stored = Object.entries(scene.records.get(key) as Record<string, object>)
        scene.records.set(key, Object.fromEntries(stored.map(([state, tx]) => [state, { ...tx, returnTo }])))
        await scene.comeBack(tab)
        expect(paths).toHaveLength(1)
        expect(paths[0]).toMatch(/^\/(?!\/)/)
        expect(new URL(paths[0] ?? '', appOrigin).origin).toBe(appOrigin)
      }),
      { numRuns: 100 },
    )
  })
})

describe('a sign-in is refused', () => {
  test('on a page that is no secure context: insecure_context names the origin', async () => {
    const scene = createScene()
    const tab = scene.open('http://192.168.0.7:5173/')
    tab.page.setSecure(false)
    const error: unknown = await tab.auth.signIn().catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'insecure_context', phase: 'sign-in', retryable: false })
    expect(String(error)).toContain('http://192.168.0.7:5173')
    expect(scene.server.requests).toEqual([])
  })

  test('where site data are blocked and the verifier would be gone with the page: storage_failed', async () => {
    const scene = createScene()
    const tab = scene.open(undefined, {}, { transactions: memoryStorage() })
    await expect(tab.auth.signIn()).rejects.toMatchObject({ code: 'storage_failed', phase: 'sign-in' })
    expect([tab.page.href(), scene.server.requests]).toEqual([`${appOrigin}/`, []])
  })

  test('when it is the fourth automatic one in a minute: login_loop', async () => {
    const scene = createScene()
    let tab = scene.open()
    for (let n = 0; n < 3; n++) {
      await scene.leave(tab, { automatic: true })
      tab.page.navigate(`${appOrigin}/`)
      tab = scene.reload(tab)
    }
    await expect(tab.auth.signIn({ automatic: true })).rejects.toMatchObject({
      code: 'login_loop',
      retryable: false,
    })
    expect(tab.page.href()).toBe(`${appOrigin}/`)
    expect(await scene.leave(tab)).toContain('/authorize')
  })

  test('as a loop only for a minute, only in that tab and only for that client', async () => {
    const scene = createScene()
    const tab = scene.open()
    for (let n = 0; n < 3; n++) await scene.leave(tab, { automatic: true })
    await scene.leave(scene.open(), { automatic: true })
    const other = scene.open(undefined, { sessionName: 'admin' }, { page: tab.page })
    await scene.leave(other, { automatic: true })
    scene.clock.jump(60_000)
    await scene.leave(tab, { automatic: true })
  })

  test('as a loop no longer when the clock was set back by an hour', async () => {
    const scene = createScene()
    const tab = scene.open()
    for (let n = 0; n < 3; n++) await scene.leave(tab, { automatic: true })
    scene.clock.jump(-3_600_000)
    await scene.leave(tab, { automatic: true })
  })

  test.each([
    ['scope', 7, 'a string, or an array of strings without spaces'],
    ['scope', ['a b'], 'a string, or an array of strings without spaces'],
    ['resource', 'not-a-url', 'an absolute https URL'],
    ['resource', 'http://api.example', 'an absolute https URL'],
  ])('with a wrong %s (%j): a TypeError names option and rule', async (name, value, rule) => {
    const scene = createScene()
    const error: unknown = await scene
      .open()
      .auth.signIn({ [name]: value })
      .catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(TypeError)
    expect(String(error)).toContain(`signIn: "${name}" must be ${rule}`)
    expect(scene.server.requests).toEqual([])
  })
})

describe('several sessions on one origin', () => {
  test.each([
    ['another name', { sessionName: 'admin' }],
    ['another client', { clientId: 'other' }],
    ['another issuer', { issuer: 'https://other.example' }],
    ['a resource', { issuer: 'https://api.telnyx.com', resource: 'https://api.telnyx.com' }],
    ['a resource that the issuer is found through', { resource: 'https://api.telnyx.com' }],
  ])('are kept apart by %s', async (_title, options) => {
    const scene = createScene()
    const tab = await scene.signIn()
    const other = scene.open(undefined, options)
    expect(await other.auth.ready()).toEqual({ status: 'signed-out' })
    await other.auth.signOut()
    expect(tab.auth.getSnapshot().status).toBe('signed-in')
    expect(errorOf(tab)).toBeUndefined()
  })

  test('a client for another resource is not signed in with the token of the first', async () => {
    const scene = createScene()
    const [a, b] = ['https://api.telnyx.com/v2/a', 'https://api.telnyx.com/v2/b']
    const issuer = 'https://api.telnyx.com'
    await scene.signIn({ issuer, resource: a })
    for (const resource of [b, [a, b], [b, a]]) {
      const other = scene.open(undefined, { issuer, resource })
      expect(await other.auth.ready()).toEqual({ status: 'signed-out' })
    }
    expect(await scene.open(undefined, { issuer, resource: a }).auth.ready()).toMatchObject({
      status: 'signed-in',
    })
  })
})
