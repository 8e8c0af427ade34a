import { describe, expect, test } from 'vitest'
import { createDeferred } from '../../../support/deferred.ts'
import { createScene } from '../../../support/scene.ts'
import { appOrigin } from '../../../support/simulated-browser.ts'
import { settle } from '../../../support/simulated-clock.ts'

const end_session_endpoint = 'https://api.telnyx.com/v2/oauth/logout?tenant=7'
const metadata = { revocation_endpoint: 'https://api.telnyx.com/v2/oauth/revoke', end_session_endpoint }
const bye = { endServerSession: true, returnTo: '/bye' }

const parametersOf = (url: string) => Object.fromEntries(new URL(url).searchParams)

describe('signOut({ endServerSession: true })', () => {
  test('signs out in every tab and revokes, then leaves for the server with client, return URL and state', async () => {
    const scene = createScene({ metadata })
    const [tab, other] = [await scene.signIn(), scene.open()]
    await other.auth.ready()
    const leaves: unknown[] = []
    const page = { ...tab.page, navigate: (url: string) => void leaves.push(url, scene.record()) }
    const leaving = scene.open(undefined, undefined, { page })
    await leaving.auth.ready()
    const result = await leaving.auth.signOut(bye)
    expect(result).toEqual({ revoked: true, serverSession: 'ending' })
    const [url, seen] = leaves
    expect(seen, 'the record when the page leaves').toMatchObject({ ended: '' })
    expect(String(url)).toMatch(/^https:\/\/api\.telnyx\.com\/v2\/oauth\/logout\?/)
    expect(parametersOf(String(url))).toEqual({
      tenant: '7',
      client_id: 'telnyx-demo',
      post_logout_redirect_uri: `${appOrigin}/bye`,
      state: expect.stringMatching(/^[\w-]{43}$/),
    })
    expect(scene.server.requests.map(({ path }) => path)).toContain('/v2/oauth/revoke')
    await settle()
    expect(other.auth.getSnapshot()).toEqual({ status: 'signed-out' })
  })

  test('the state is gone from the URL once the user is back, and a reload changes nothing', async () => {
    const scene = createScene({ metadata })
    const tab = await scene.signIn()
    await tab.auth.signOut(bye)
    const { state } = parametersOf(tab.page.href())
    const back = await scene.comeBack(tab, `${appOrigin}/bye?a=1&state=${state}#b`)
    expect(back.page.href()).toBe(`${appOrigin}/bye?a=1#b`)
    expect(back.auth.getSnapshot()).toEqual({ status: 'signed-out' })
    expect(back.events).toEqual([])
    const own = await scene.comeBack(back, `${appOrigin}/bye?state=${state}`)
    expect(own.page.href(), 'once only').toBe(`${appOrigin}/bye?state=${state}`)
  })

  test('without a return path the request names the client alone, and no state is waited for', async () => {
    const scene = createScene({ metadata })
    const tab = await scene.signIn()
    await tab.auth.signOut({ endServerSession: true, revoke: false })
    expect(parametersOf(tab.page.href())).toEqual({ tenant: '7', client_id: 'telnyx-demo' })
  })

  test('a user who is signed out here already is signed out at the server', async () => {
    const scene = createScene({ metadata })
    const tab = scene.open()
    const result = await tab.auth.signOut(bye)
    expect(result).toEqual({ revoked: false, reason: 'not_signed_in', serverSession: 'ending' })
    expect(tab.page.href()).toMatch(end_session_endpoint.split('?')[0] ?? '')
  })

  test.each([undefined, 7, 'http://plain.example/logout', 'javascript:alert(1)'])(
    'the server names %s as its end_session_endpoint: not_supported, and the user goes to the return path',
    async (endpoint) => {
      const scene = createScene({ metadata: { end_session_endpoint: endpoint } })
      const tab = await scene.signIn()
      const result = await tab.auth.signOut(bye)
      expect(result).toEqual({ revoked: false, reason: 'not_supported', serverSession: 'not_supported' })
      expect(tab.page.href()).toBe(`${appOrigin}/bye`)
    },
  )

  test('the metadata cannot be read: failed, signed out all the same, and the user goes to the return path', async () => {
    const scene = createScene()
    const tab = scene.open()
    scene.server.script('/.well-known/oauth-authorization-server', () => new Response('', { status: 503 }))
    const result = await tab.auth.signOut(bye)
    expect(result).toEqual({ revoked: false, reason: 'not_signed_in', serverSession: 'failed' })
    expect(tab.auth.getSnapshot()).toEqual({ status: 'signed-out' })
    expect(tab.page.href()).toBe(`${appOrigin}/bye`)
  })

  test('metadata that come after the time-out do not lead away from the page', async () => {
    const scene = createScene({ metadata })
    const tab = scene.open(undefined, { requestTimeoutMs: 1000 })
    const held = createDeferred<void>()
    scene.server.script('/.well-known/oauth-authorization-server', (process) => held.promise.then(process))
    const signedOut = tab.auth.signOut({ endServerSession: true })
    await settle()
    await scene.clock.advance(1000)
    expect(await signedOut).toMatchObject({ serverSession: 'failed' })
    held.resolve()
    await settle()
    expect(tab.page.href()).toBe(`${appOrigin}/`)
  })
})
