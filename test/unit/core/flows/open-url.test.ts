import { describe, expect, test } from 'vitest'
import { memoryStorage } from '../../../../packages/core/src/ports/memory.ts'
import { reportOutcome } from '../../../../packages/core/src/ports/popup-report.ts'
import type { OpenUrlContext, SignInOptions } from '../../../../packages/core/src/telnyx-auth.ts'
import { createDeferred } from '../../../support/deferred.ts'
import { codesSent, createScene, errorOf, type Scene, type SceneTab } from '../../../support/scene.ts'
import { callbackUrl } from '../../../support/sign-in-tab.ts'
import { appOrigin } from '../../../support/simulated-browser.ts'

const redirectUri = 'com.example.app:/callback'

/** A sign-in that is under way in a browser outside of `tab`. */
async function beginOutside(tab: SceneTab, options: SignInOptions = {}) {
  const opened = createDeferred<OpenUrlContext & { readonly url: string }>()
  const signedIn = tab.auth.signIn({
    ...options,
    openUrl: (url, context) => opened.resolve({ url, ...context }),
  })
  signedIn.catch(opened.reject)
  return { ...(await opened.promise), signedIn }
}

/** The URL with which the outside browser calls the app. */
const responseTo = ({ server }: Scene, url: string) => callbackUrl(server, url)

/** The same for a user who denied. */
function denialOf(url: string): string {
  const { searchParams } = new URL(url)
  const response = new URL(searchParams.get('redirect_uri') ?? '')
  response.searchParams.set('error', 'access_denied')
  response.searchParams.set('state', searchParams.get('state') ?? '')
  return response.href
}

const failures = ({ events }: SceneTab) => events.filter(({ type }) => type === 'sign-in-failed')

describe('signIn({ openUrl })', () => {
  test('opens the URL elsewhere, and resolves when finishSignIn has brought the session; the page stays', async () => {
    const scene = createScene()
    const tab = scene.open(`${appOrigin}/list?page=2`, { redirectUri })
    const { url, state, signal, signedIn } = await beginOutside(tab, { returnTo: '/inbox', appState: 7 })
    const { searchParams } = new URL(url)
    expect(searchParams.get('redirect_uri')).toBe(redirectUri)
    expect(searchParams.get('state')).toBe(state)
    expect(signal.aborted).toBe(false)
    await tab.auth.finishSignIn(responseTo(scene, url))
    await signedIn
    expect(signal.aborted, 'the waiting is over').toBe(true)
    expect(tab.auth.getSnapshot()).toMatchObject({ status: 'signed-in', appState: 7 })
    expect(scene.server.tokenRequests()[0]?.parameters.get('redirect_uri')).toBe(redirectUri)
    expect(tab.log.filter((entry) => /^(navigate|replace)/.test(entry))).toEqual([])
    expect(failures(tab)).toEqual([])
  })

  test('may hand over the response itself, as launchWebAuthFlow gives it', async () => {
    const scene = createScene()
    const tab = scene.open(undefined, { redirectUri: 'https://abcdef.chromiumapp.org/' })
    await tab.auth.signIn({ openUrl: async (url) => tab.auth.finishSignIn(new URL(responseTo(scene, url))) })
    expect(tab.auth.getSnapshot().status).toBe('signed-in')
  })

  test('works under PAR, where the URL has no state', async () => {
    const par = { pushed_authorization_request_endpoint: 'https://api.telnyx.com/v2/oauth/par' }
    const scene = createScene({ metadata: par })
    const tab = scene.open(undefined, { redirectUri })
    const { url, state, signedIn } = await beginOutside(tab)
    expect(new URL(url).searchParams.has('state')).toBe(false)
    await tab.auth.finishSignIn(`${redirectUri}?code=${scene.server.grant(url)}&state=${state}`)
    await signedIn
    expect(tab.auth.getSnapshot().status).toBe('signed-in')
  })

  test('rejects with what the function throws, and the snapshot stays', async () => {
    const tab = createScene().open()
    await tab.auth.ready()
    const before = tab.auth.getSnapshot()
    const cancelled = new Error('the user has closed the in-app browser')
    const throwing = () => {
      throw cancelled
    }
    for (const openUrl of [throwing, () => Promise.reject(cancelled)])
      await expect(tab.auth.signIn({ openUrl })).rejects.toBe(cancelled)
    expect(tab.auth.getSnapshot()).toBe(before)
  })

  test('after Deny rejects as finishSignIn does: the snapshot has the error, one event tells of it', async () => {
    const scene = createScene()
    const tab = scene.open(undefined, { redirectUri })
    const { url, signal, signedIn } = await beginOutside(tab)
    const denied = { code: 'access_denied', phase: 'callback' }
    const both = [signedIn, tab.auth.finishSignIn(denialOf(url))]
    for (const promise of both) await expect(promise).rejects.toMatchObject(denied)
    expect(errorOf(tab)).toEqual(denied)
    expect(failures(tab)).toMatchObject([{ code: 'access_denied' }])
    expect([signal.aborted, codesSent(scene)]).toEqual([true, 0])
  })

  test('waits no longer when its signal is aborted; a response that comes later signs in', async () => {
    const scene = createScene()
    const tab = scene.open(undefined, { redirectUri })
    const controller = new AbortController()
    const { url, signal, signedIn } = await beginOutside(tab, { signal: controller.signal })
    const reason = new Error('the user went back')
    controller.abort(reason)
    await expect(signedIn).rejects.toBe(reason)
    expect([signal.aborted, tab.auth.getSnapshot()]).toEqual([true, { status: 'signed-out' }])
    await tab.auth.finishSignIn(responseTo(scene, url))
    expect(tab.auth.getSnapshot().status).toBe('signed-in')
  })

  test('opens nothing, and does not leave, when its signal is aborted before', async () => {
    const scene = createScene()
    const tab = scene.open()
    const signal = AbortSignal.abort(new Error('too late'))
    const openUrl = () => expect.unreachable('a URL was opened')
    await expect(tab.auth.signIn({ openUrl, signal })).rejects.toThrow('too late')
    await expect(tab.auth.signIn({ signal })).rejects.toThrow('too late')
    expect(tab.page.href()).toBe(`${appOrigin}/`)
  })

  test('rejects when no response has come within ten minutes', async () => {
    const scene = createScene()
    const tab = scene.open(undefined, { redirectUri })
    const { signal, signedIn } = await beginOutside(tab)
    const rejected = expect(signedIn).rejects.toMatchObject({ code: 'transaction_not_found' })
    await scene.clock.advance(600_000)
    await rejected
    expect(signal.aborted).toBe(true)
    expect(errorOf(tab)).toMatchObject({ code: 'transaction_not_found' })
  })

  test('a window that reports after the waiting has ended is still heard, and may close', async () => {
    const tab = createScene().open()
    const opened = createDeferred<OpenUrlContext>()
    const closed = new Error('closed')
    const openUrl = (_url: string, context: OpenUrlContext) => {
      opened.resolve(context)
      throw closed
    }
    await expect(tab.auth.signIn({ openUrl })).rejects.toBe(closed)
    const { state } = await opened.promise
    expect(await reportOutcome(state, undefined)).toBe(true)
  })

  test('resolves two seconds after the session is here where the report of its page is lost', async () => {
    const scene = createScene()
    const tab = scene.open()
    const { signal, signedIn } = await beginOutside(tab)
    await scene.signIn()
    await scene.clock.advance(1999)
    expect([tab.auth.getSnapshot().status, signal.aborted]).toEqual(['signed-in', false])
    await scene.clock.advance(1)
    await signedIn
    expect(signal.aborted).toBe(true)
  })

  test('is needed where the redirect URI has a private-use scheme: without it a TypeError', async () => {
    const scene = createScene()
    const tab = scene.open(undefined, { redirectUri })
    await expect(tab.auth.signIn()).rejects.toThrow(
      new TypeError('signIn: a private-use "redirectUri" needs "openUrl"'),
    )
    expect([tab.page.href(), scene.server.requests]).toEqual([`${appOrigin}/`, []])
  })

  test('works where site data are blocked, if the response comes to the app and not to a page', async () => {
    const scene = createScene()
    const tab = scene.open(undefined, { redirectUri }, { transactions: memoryStorage() })
    const { url, signedIn } = await beginOutside(tab)
    await tab.auth.finishSignIn(responseTo(scene, url))
    await signedIn
    expect(tab.auth.getSnapshot().status).toBe('signed-in')
    const toPage = beginOutside(tab, { redirectUri: '/callback' })
    await expect(toPage).rejects.toMatchObject({ code: 'storage_failed' })
  })
})
