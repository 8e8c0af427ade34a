import { describe, expect, test } from 'vitest'
import { createDeferred } from '../../../support/deferred.ts'
import { json } from '../../../support/model-server.ts'
import { codesSent, createScene, errorOf, transactionsKey } from '../../../support/scene.ts'
import { answerTo, callbackUrl } from '../../../support/sign-in-tab.ts'
import { appOrigin } from '../../../support/simulated-browser.ts'
import { settle } from '../../../support/simulated-clock.ts'

describe('the answer of the server', () => {
  test('access_denied is typed, keeps the words of the server and offers another try', async () => {
    const scene = createScene()
    const tab = scene.open()
    const url = await scene.leave(tab)
    const denied = { error: 'access_denied', error_description: '<b>no</b>' }
    const back = await scene.comeBack(tab, answerTo(url, denied))
    expect(back.auth.getSnapshot()).toMatchObject({
      status: 'signed-out',
      error: {
        code: 'access_denied',
        retryable: true,
        server: { error: 'access_denied', description: '<b>no</b>' },
      },
    })
    expect(back.page.href()).toBe(`${appOrigin}/inbox`)
    expect(codesSent(scene)).toBe(0)
  })

  test('that refuses a sign-in is followed by one that leads where the first one was to lead', async () => {
    const scene = createScene()
    const tab = scene.open()
    const back = await scene.comeBack(tab, answerTo(await scene.leave(tab), { error: 'access_denied' }))
    await back.auth.signIn()
    expect((await scene.comeBack(back)).page.href()).toBe(`${appOrigin}/inbox`)
  })

  test.each(['invalid_scope', 'server_error', 'temporarily_unavailable', 'x"><script>'])(
    '%s is authorization_failed, with the words of the server',
    async (error) => {
      const scene = createScene()
      const tab = scene.open()
      const back = await scene.comeBack(tab, answerTo(await scene.leave(tab), { error }))
      expect(back.auth.getSnapshot().error).toMatchObject({ code: 'authorization_failed', server: { error } })
    },
  )

  test('to a second sign-in leaves the first session alone and tells of the error', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    const before = tab.auth.getSnapshot()
    const url = await scene.leave(tab)
    const back = await scene.comeBack(tab, answerTo(url, { error: 'access_denied' }))
    expect(back.auth.getSnapshot()).toMatchObject({ ...before, error: { code: 'access_denied' } })
    expect(back.page.href()).toBe(`${appOrigin}/inbox`)
  })

  test('stays in the snapshot when the page is hidden and shown again', async () => {
    const scene = createScene()
    const tab = scene.open()
    const back = await scene.comeBack(tab, answerTo(await scene.leave(tab), { error: 'access_denied' }))
    back.page.setVisible(false)
    back.page.setVisible(true)
    await settle()
    expect(errorOf(back)).toEqual({ code: 'access_denied', phase: 'callback' })
  })

  test.each([
    ['no code', {}],
    ['an empty code', { code: '' }],
  ])('with %s is callback_invalid', async (_title, parameters) => {
    const scene = createScene()
    const tab = scene.open()
    const back = await scene.comeBack(tab, answerTo(await scene.leave(tab), parameters))
    expect(errorOf(back)).toEqual({ code: 'callback_invalid', phase: 'callback' })
    expect(codesSent(scene)).toBe(0)
  })

  test('to no sign-in of this browser leaves those that are under way to be finished', async () => {
    const scene = createScene()
    const tab = scene.open()
    const authorizationUrl = await scene.leave(tab)
    await scene.comeBack(tab, `${appOrigin}/callback?code=x&state=tx1.other`)
    const done = await scene.comeBack(tab, callbackUrl(scene.server, authorizationUrl))
    expect(done.auth.getSnapshot().status).toBe('signed-in')
  })

  test.each([
    ['code', { code: 'x' }, 'callback_invalid'],
    ['code', { error: 'access_denied', code: 'x' }, 'callback_invalid'],
    ['state', { code: 'x' }, 'callback_invalid'],
    ['error', { error: 'access_denied' }, 'callback_invalid'],
    ['error_description', { error: 'access_denied', error_description: 'x' }, 'callback_invalid'],
    ['iss', { code: 'x', iss: 'https://api.telnyx.com' }, 'issuer_mismatch'],
  ])('with two parameters "%s" is refused unread', async (name, parameters, code) => {
    const scene = createScene()
    const tab = scene.open()
    const url = answerTo(await scene.leave(tab), parameters as Record<string, string>)
    const back = await scene.comeBack(tab, `${url}&${name}=tx1.other`)
    expect(errorOf(back)).toEqual({ code, phase: 'callback' })
    expect(codesSent(scene)).toBe(0)
  })

  test('is taken out of the URL; what is of the app stays, in its order', async () => {
    const scene = createScene()
    const redirectUri = '/callback?tenant=7&token=mine&tenant=8'
    const tab = scene.open(undefined, { redirectUri })
    await tab.auth.signIn()
    const url = new URL(callbackUrl(scene.server, tab.page.href()))
    url.searchParams.set('session_state', 'theirs')
    url.hash = '#part'
    const back = await scene.comeBack(tab, url.href)
    expect(back.auth.getSnapshot().status).toBe('signed-in')
    expect(back.log).toContain('replace /callback?tenant=7&token=mine&tenant=8&session_state=theirs#part')
  })
})

describe('the issuer in the answer', () => {
  test('of the transaction must be one that the client allows', async () => {
    const scene = createScene()
    const tab = scene.open()
    await scene.leave(tab)
    const transactions = scene.records.get(transactionsKey) as Record<string, object>
    const moved = Object.entries(transactions).map(([state, tx]) => [
      state,
      { ...tx, issuer: 'https://a.example' },
    ])
    scene.records.set(transactionsKey, Object.fromEntries(moved))
    const back = await scene.comeBack(tab)
    expect(errorOf(back)).toEqual({ code: 'issuer_not_allowed', phase: 'callback' })
    expect(codesSent(scene)).toBe(0)
  })
})

describe('an exchange that fails', () => {
  test.each([
    ['a refused code', () => json({ error: 'invalid_grant' }, 400), 'authorization_failed'],
    ['an unknown client', () => json({ error: 'invalid_client' }, 401), 'request_rejected'],
    ['HTML', () => new Response('<html>', { status: 200 }), 'response_invalid'],
    [
      'truncated JSON',
      () => new Response('{"access_to', { headers: { 'content-type': 'application/json' } }),
      'response_invalid',
    ],
    ['a token of an unknown type', () => json({ access_token: 'a', token_type: 'mac' }), 'response_invalid'],
    ['a number as token', () => json({ access_token: 7, token_type: 'Bearer' }), 'response_invalid'],
    [
      'a token that no header can carry',
      () => json({ access_token: 'a\nb', token_type: 'Bearer' }),
      'response_invalid',
    ],
    ['an empty token', () => json({ access_token: '', token_type: 'Bearer' }), 'response_invalid'],
    ['a broken server', () => new Response('', { status: 503 }), 'server_unavailable'],
    ['a redirect', () => new Response(null, { status: 302, headers: { location: '/' } }), 'response_invalid'],
    ['no connection', () => Promise.reject(new TypeError('Failed to fetch')), 'network_error'],
  ])('because of %s is a typed error; the code is not sent again', async (_title, answer, code) => {
    const scene = createScene()
    const tab = scene.open()
    await scene.leave(tab)
    scene.server.script('/v2/oauth/token', answer)
    const back = await scene.comeBack(tab)
    expect(errorOf(back)).toEqual({ code, phase: 'callback' })
    expect(codesSent(scene)).toBe(1)
    expect(scene.records.get(transactionsKey)).toEqual({})
  })

  test('loses nothing of the session that was there', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    const before = structuredClone(scene.record())
    await scene.leave(tab)
    scene.server.script('/v2/oauth/token', () => new Response('<html>', { status: 200 }))
    const back = await scene.comeBack(tab)
    expect(scene.record()).toEqual(before)
    expect(await back.auth.getAccessToken()).toBe('access-2')
  })
})

describe('a sign-out', () => {
  test('in another tab while the code is exchanged refuses the session and revokes it', async () => {
    const metadata = { revocation_endpoint: 'https://api.telnyx.com/v2/oauth/revoke' }
    const scene = createScene({ metadata })
    const [tab, other] = [await scene.signIn(), scene.open()]
    await other.auth.ready()
    await scene.leave(tab)
    const held = createDeferred()
    scene.server.script('/v2/oauth/token', (process) => held.promise.then(process))
    tab.page.navigate(callbackUrl(scene.server, tab.page.href()))
    const back = scene.reload(tab)
    const ready = back.auth.ready()
    await settle()
    await other.auth.signOut({ revoke: false })
    held.resolve()
    expect((await ready).status).toBe('signed-out')
    await settle()
    expect(scene.record()).toMatchObject({ ended: '' })
    const revoked = scene.server.requests.filter(({ path }) => path === '/v2/oauth/revoke')
    expect(revoked.map(({ parameters }) => parameters.get('token'))).toEqual(['refresh-4'])
  })

  test('before the callback was claimed does not stand in its way', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    await tab.auth.signOut()
    await scene.leave(tab)
    expect((await scene.comeBack(tab)).auth.getSnapshot().status).toBe('signed-in')
  })
})
