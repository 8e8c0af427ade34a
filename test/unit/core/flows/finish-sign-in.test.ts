import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { OpenUrlContext, SignInOptions } from '../../../../packages/core/src/telnyx-auth.ts'
import { createDeferred } from '../../../support/deferred.ts'
import { codesSent, createScene, errorOf, type Scene, type SceneTab } from '../../../support/scene.ts'
import { answerTo, callbackUrl } from '../../../support/sign-in-tab.ts'
import { appOrigin } from '../../../support/simulated-browser.ts'
import { settle } from '../../../support/simulated-clock.ts'

const app = { redirectUri: 'com.example.app:/callback' }

/** Begins a sign-in in a browser outside of `tab`. @returns the URL that it opens, and the end of the waiting */
async function beginOutside(tab: SceneTab, options: SignInOptions = {}) {
  const opened = createDeferred<string>()
  const openUrl = (url: string, _: OpenUrlContext) => opened.resolve(url)
  const signedIn = tab.auth.signIn({ ...options, openUrl })
  signedIn.catch(opened.reject)
  return { url: await opened.promise, signedIn }
}

/** Begins a sign-in in a page that is gone before the response comes. */
async function beginInDeadPage(scene: Scene, tab: SceneTab, options?: SignInOptions): Promise<string> {
  class Unheard {
    close() {}
  }
  vi.stubGlobal('BroadcastChannel', Unheard)
  onTestFinished(() => void vi.unstubAllGlobals())
  const { url } = await beginOutside(tab, options)
  vi.unstubAllGlobals()
  scene.kill(tab)
  return url
}

const notFound = { code: 'transaction_not_found', phase: 'callback' }

describe('a response that arrives in a new process of the app', () => {
  test('signs in, brings appState along, and leads to the page where the sign-in began', async () => {
    const scene = createScene()
    const tab = scene.open(`${appOrigin}/list?page=2#row`, app)
    const url = await beginInDeadPage(scene, tab, { appState: { step: 2 } })
    const next = scene.open(`${appOrigin}/`, app)
    expect(await next.auth.ready()).toEqual({ status: 'signed-out' })
    await next.auth.finishSignIn(callbackUrl(scene.server, url))
    expect(next.auth.getSnapshot()).toMatchObject({ status: 'signed-in', appState: { step: 2 } })
    expect(next.page.href()).toBe(`${appOrigin}/list?page=2#row`)
    expect(codesSent(scene)).toBe(1)
  })

  test('with a denial rejects, shows it, tells of it in an event, and leads to the same page', async () => {
    const scene = createScene()
    const tab = scene.open(undefined, app)
    const url = await beginInDeadPage(scene, tab, { returnTo: '/inbox' })
    const next = scene.open(undefined, app)
    const state = new URL(url).searchParams.get('state')
    const denied = { code: 'access_denied', phase: 'callback' }
    await expect(
      next.auth.finishSignIn(`${app.redirectUri}?error=access_denied&state=${state}`),
    ).rejects.toMatchObject(denied)
    expect(errorOf(next)).toEqual(denied)
    expect(next.events).toMatchObject([{ type: 'sign-in-failed', code: 'access_denied' }])
    expect(next.page.href()).toBe(`${appOrigin}/inbox`)
  })

  test.each(['capacitor://localhost/index.html', 'file:///app/index.html'])(
    'on %s, whose origin has no name, leads to the return path',
    async (start) => {
      const scene = createScene()
      const tab = scene.open(start, app)
      const url = await beginInDeadPage(scene, tab, { returnTo: '/inbox?a=1' })
      const next = scene.open(start, app)
      await next.auth.finishSignIn(callbackUrl(scene.server, url))
      expect(next.page.href()).toBe(new URL('/inbox?a=1', start).href)
    },
  )

  test('while the page that began it still waits: that one is signed in, and neither page moves', async () => {
    const scene = createScene()
    const [tab, other] = [scene.open(`${appOrigin}/a`, app), scene.open(`${appOrigin}/b`, app)]
    const { url, signedIn } = await beginOutside(tab, { appState: 'mine', returnTo: '/inbox' })
    await other.auth.finishSignIn(callbackUrl(scene.server, url))
    await signedIn
    expect(tab.auth.getSnapshot()).toMatchObject({ status: 'signed-in', appState: 'mine' })
    expect([tab.page.href(), other.page.href()]).toEqual([`${appOrigin}/a`, `${appOrigin}/b`])
  })

  test('and fails there: the page that waits rejects with the same code', async () => {
    const scene = createScene()
    const [tab, other] = [scene.open(undefined, app), scene.open(undefined, app)]
    const { url, signedIn } = await beginOutside(tab)
    scene.server.script('/v2/oauth/token', () => new Response('{"error":"invalid_client"}', { status: 401 }))
    const finished = other.auth.finishSignIn(callbackUrl(scene.server, url))
    const code = await finished.catch((error) => error.code)
    await expect(signedIn).rejects.toMatchObject({ code, phase: 'callback' })
    expect(tab.events.at(-1)).toMatchObject({ type: 'sign-in-failed', code })
  })
})

describe('a URL that is no response to a sign-in of this app', () => {
  const changed: readonly (readonly [string, (url: string) => string])[] = [
    ['without a state', (url) => url.replace(/state=[^&]*/, '')],
    ['with an unknown state', (url) => url.replace(/state=[^&]*/, 'state=tx1.x')],
    ['with the state __proto__', (url) => url.replace(/state=[^&]*/, 'state=__proto__')],
    ['at another path', (url) => url.replace('/callback', '/other')],
    ['of another private-use scheme', (url) => url.replace('com.example.app:', 'com.evil.app:')],
    ['of a page', (url) => url.replace('com.example.app:', appOrigin)],
    ['that is none', () => 'no URL'],
  ]
  test.each(changed)('%s: transaction_not_found, and nothing changes', async (_title, change) => {
    const scene = createScene()
    const tab = scene.open(undefined, app)
    const { url, signedIn } = await beginOutside(tab)
    const response = callbackUrl(scene.server, url)
    const [snapshot, events] = [tab.auth.getSnapshot(), [...tab.events]]
    await expect(tab.auth.finishSignIn(change(response))).rejects.toMatchObject(notFound)
    expect(tab.auth.getSnapshot()).toBe(snapshot)
    expect([tab.events, codesSent(scene)]).toEqual([events, 0])
    await tab.auth.finishSignIn(response)
    await signedIn
    expect(tab.auth.getSnapshot().status, 'the sign-in was not touched').toBe('signed-in')
  })

  test('a link that somebody else began, with their own code and state, signs nobody in', async () => {
    const [attacker, scene] = [createScene(), createScene()]
    const { url } = await beginOutside(attacker.open(undefined, app))
    const tab = scene.open(undefined, app)
    await beginOutside(tab)
    const link = callbackUrl(scene.server, url)
    await expect(tab.auth.finishSignIn(link)).rejects.toMatchObject(notFound)
    expect([tab.auth.getSnapshot(), codesSent(scene)]).toEqual([{ status: 'signed-out' }, 0])
  })

  test('a link cannot replace the session of a user who is signed in', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    const before = tab.auth.getSnapshot()
    await expect(tab.auth.finishSignIn(`${appOrigin}/callback?code=c&state=tx1.x`)).rejects.toMatchObject(
      notFound,
    )
    expect(tab.auth.getSnapshot()).toBe(before)
  })

  test('the response to a sign-in that left by the page itself is none, and that goes on', async () => {
    const scene = createScene()
    const tab = scene.open()
    const response = callbackUrl(scene.server, await scene.leave(tab))
    const other = scene.open()
    await expect(other.auth.finishSignIn(response)).rejects.toMatchObject(notFound)
    expect((await scene.comeBack(tab, response)).auth.getSnapshot().status).toBe('signed-in')
  })

  test('the response to another client of the app is left to that one', async () => {
    const scene = createScene()
    const named = { ...app, sessionName: 'second' }
    const [tab, other] = [scene.open(undefined, app), scene.open(undefined, named)]
    const { url, signedIn } = await beginOutside(tab)
    const response = callbackUrl(scene.server, url)
    await expect(other.auth.finishSignIn(response)).rejects.toMatchObject(notFound)
    await tab.auth.finishSignIn(response)
    await signedIn
    expect(other.auth.getSnapshot()).toEqual({ status: 'signed-out' })
  })

  test('a stale one, ten minutes after the sign-in began, is transaction_not_found', async () => {
    const scene = createScene()
    const tab = scene.open(undefined, app)
    const url = await beginInDeadPage(scene, tab)
    scene.clock.jump(600_000)
    const next = scene.open(undefined, app)
    await expect(next.auth.finishSignIn(callbackUrl(scene.server, url))).rejects.toMatchObject(notFound)
    expect(codesSent(scene)).toBe(0)
  })

  test('a repeated one sends its code once: transaction_not_found, and the session stays', async () => {
    const scene = createScene()
    const tab = scene.open(undefined, app)
    const { url, signedIn } = await beginOutside(tab)
    const response = callbackUrl(scene.server, url)
    await tab.auth.finishSignIn(response)
    await signedIn
    const before = tab.auth.getSnapshot()
    await expect(tab.auth.finishSignIn(response)).rejects.toMatchObject(notFound)
    expect([tab.auth.getSnapshot(), codesSent(scene)]).toEqual([before, 1])
  })

  test('a repeated one during the exchange is callback_interrupted, shows nothing, and the exchange goes on', async () => {
    const scene = createScene()
    const tab = scene.open(undefined, app)
    const { url, signedIn } = await beginOutside(tab)
    const response = callbackUrl(scene.server, url)
    const held = createDeferred<void>()
    scene.server.script('/v2/oauth/token', (process) => held.promise.then(process))
    const finished = tab.auth.finishSignIn(response)
    await settle()
    await expect(tab.auth.finishSignIn(response)).rejects.toMatchObject({ code: 'callback_interrupted' })
    expect(tab.auth.getSnapshot()).toEqual({ status: 'signed-out' })
    held.resolve()
    await Promise.all([finished, signedIn])
    expect([tab.auth.getSnapshot().status, codesSent(scene)]).toEqual(['signed-in', 1])
  })

  test('a page with the response of a sign-in through openUrl finishes it as any other', async () => {
    const scene = createScene()
    const tab = scene.open()
    const url = await beginInDeadPage(scene, tab, { returnTo: '/inbox' })
    const page = scene.open(answerTo(url, { error: 'access_denied' }))
    await page.auth.ready()
    expect(errorOf(page)).toMatchObject({ code: 'access_denied' })
  })
})
