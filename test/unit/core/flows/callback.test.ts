import { describe, expect, test } from 'vitest'
import { createDeferred } from '../../../support/deferred.ts'
import {
  codesSent,
  createScene,
  errorOf,
  type Scene,
  type SceneTab,
  sessionKey,
  transactionsKey,
} from '../../../support/scene.ts'
import { answerTo, callbackUrl } from '../../../support/sign-in-tab.ts'
import { appOrigin } from '../../../support/simulated-browser.ts'
import { settle } from '../../../support/simulated-clock.ts'

/** Comes back from the server, in the middle of the exchange of the code, which `release` lets go on. */
async function exchangeMidway(scene: Scene): Promise<{ exchanging: SceneTab; release: () => void }> {
  const tab = scene.open()
  await scene.leave(tab)
  const held = createDeferred()
  scene.server.script('/v2/oauth/token', (process) => held.promise.then(process))
  tab.page.navigate(callbackUrl(scene.server, tab.page.href()))
  const exchanging = scene.reload(tab)
  void exchanging.auth.ready()
  await settle()
  return { exchanging, release: held.resolve }
}

describe('the order of a callback', () => {
  test('is claim, clean the URL, exchange, store, forget the transaction, go back', async () => {
    const scene = createScene()
    const tab = scene.open()
    await scene.leave(tab)
    const sent = tab.log.length
    const fetched: number[] = []
    scene.server.script('/v2/oauth/token', (process) => {
      fetched.push(tab.log.length)
      return process()
    })
    await scene.comeBack(tab)
    const log = tab.log.slice(sent)
    expect(log).toEqual([
      'navigate /callback',
      `read ${sessionKey}`,
      `write ${transactionsKey}`,
      'replace /callback',
      'read metadata https://api.telnyx.com',
      `write ${sessionKey}`,
      `write ${transactionsKey}`,
      'replace /inbox',
    ])
    expect(fetched).toEqual([sent + log.indexOf(`write ${sessionKey}`)])
  })

  test('cleans the URL, but sends nothing, when the answer is not valid', async () => {
    const scene = createScene()
    const tab = scene.open()
    const url = await scene.leave(tab)
    const back = await scene.comeBack(tab, answerTo(url, { code: 'x', iss: 'https://evil.example' }))
    expect(errorOf(back)).toEqual({ code: 'issuer_mismatch', phase: 'callback' })
    expect(back.log.filter((entry) => entry.startsWith('replace'))).toEqual([
      'replace /callback',
      'replace /inbox',
    ])
    expect(codesSent(scene)).toBe(0)
  })

  test('shows the session only after it is stored', async () => {
    const scene = createScene()
    const tab = scene.open()
    await scene.leave(tab)
    tab.page.navigate(callbackUrl(scene.server, tab.page.href()))
    const back = scene.reload(tab)
    const shown: unknown[] = []
    back.auth.subscribe(() => shown.push([back.auth.getSnapshot().status, scene.record() !== undefined]))
    await back.auth.ready()
    expect(shown).toEqual([['signed-in', true]])
  })
})

describe('a code', () => {
  test('is exchanged once, however often the callback is asked to finish', async () => {
    const scene = createScene()
    const tab = scene.open()
    await scene.leave(tab)
    tab.page.navigate(callbackUrl(scene.server, tab.page.href()))
    const back = scene.reload(tab)
    const unsubscribe = back.auth.subscribe(() => {})
    unsubscribe()
    back.auth.subscribe(() => {})
    const [first, second] = await Promise.all([back.auth.ready(), back.auth.ready()])
    expect(first).toBe(second)
    expect(first.status).toBe('signed-in')
    expect(codesSent(scene)).toBe(1)
  })

  test('is exchanged once when two pages show the same callback URL', async () => {
    const scene = createScene()
    const tab = scene.open()
    await scene.leave(tab)
    const url = callbackUrl(scene.server, tab.page.href())
    const [one, two] = [scene.open(url), scene.open(url)]
    await Promise.all([one.auth.ready(), two.auth.ready()])
    await settle()
    expect(codesSent(scene)).toBe(1)
    expect([one, two].map(({ auth }) => auth.getSnapshot().status)).toEqual(['signed-in', 'signed-in'])
  })

  test('is sent with the redirect URI and the verifier of its own sign-in', async () => {
    const scene = createScene()
    const tab = scene.open()
    const url = new URL(await scene.leave(tab))
    await scene.comeBack(tab)
    const [request] = scene.server.tokenRequests('authorization_code')
    const verifier = request?.parameters.get('code_verifier') ?? ''
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
    expect(Buffer.from(digest).toString('base64url')).toBe(url.searchParams.get('code_challenge'))
    expect(request?.parameters.get('redirect_uri')).toBe(`${appOrigin}/callback`)
    expect(request?.keepalive).toBe(false)
  })

  test('whose exchange nobody answers ends in an error, and its late answer signs in', async () => {
    const scene = createScene()
    const tab = scene.open()
    await scene.leave(tab)
    const held = createDeferred()
    scene.server.script('/v2/oauth/token', (process) => held.promise.then(process))
    tab.page.navigate(callbackUrl(scene.server, tab.page.href()))
    const back = scene.reload(tab)
    const ready = back.auth.ready()
    await scene.clock.advance(10_000)
    expect((await ready).error).toMatchObject({
      code: 'server_unavailable',
      phase: 'callback',
      retryable: true,
    })
    held.resolve()
    await settle()
    expect(back.auth.getSnapshot().status).toBe('signed-in')
    expect(back.page.href()).toBe(`${appOrigin}/inbox`)
    expect(codesSent(scene)).toBe(1)
  })
})

describe('several sign-ins', () => {
  test('in several tabs finish in any order, each with its own verifier', async () => {
    const scene = createScene()
    const tabs = [scene.open(), scene.open(), scene.open()]
    for (const tab of tabs) await scene.leave(tab)
    const finished = []
    for (const tab of tabs.reverse()) finished.push(await scene.comeBack(tab))
    expect(finished.map(({ auth }) => auth.getSnapshot().status)).toEqual(Array(3).fill('signed-in'))
    const verifiers = scene.server.tokenRequests().map(({ parameters }) => parameters.get('code_verifier'))
    expect(new Set(verifiers).size).toBe(3)
    const sessions = finished.map(({ auth }) => {
      const snapshot = auth.getSnapshot()
      return snapshot.status === 'signed-in' && snapshot.sessionId
    })
    expect(new Set(sessions)).toEqual(new Set([scene.record().sessionId]))
  })

  test('of which the last one to be stored wins: nothing is revoked, for both may share one grant', async () => {
    const metadata = { revocation_endpoint: 'https://api.telnyx.com/v2/oauth/revoke' }
    const scene = createScene({ metadata })
    const first = await scene.signIn()
    await scene.signIn()
    await settle()
    expect(scene.server.requests.filter(({ path }) => path === '/v2/oauth/revoke')).toEqual([])
    expect(first.events.map(({ type }) => type)).toContain('session-replaced')
  })

  test('keep the twenty newest; an older one is not found any more', async () => {
    const scene = createScene()
    const oldest = scene.open()
    await scene.leave(oldest)
    for (let n = 0; n < 20; n++) {
      await scene.clock.advance(1)
      await scene.leave(scene.open())
    }
    const back = await scene.comeBack(oldest)
    expect(errorOf(back)).toEqual({ code: 'transaction_not_found', phase: 'callback' })
    expect(codesSent(scene)).toBe(0)
  })
})

describe('a state', () => {
  test('that is unknown never reaches the token endpoint', async () => {
    const scene = createScene()
    const tab = scene.open(`${appOrigin}/callback?code=stolen&state=tx1.unknown`)
    const { error } = await tab.auth.ready()
    expect(error).toMatchObject({ code: 'transaction_not_found', phase: 'callback', retryable: true })
    expect(scene.server.requests).toEqual([])
  })

  test('that is unknown is harmless to a live session: the page goes on to the app', async () => {
    const scene = createScene()
    await scene.signIn()
    const before = scene.server.requests.length
    const tab = scene.open(`${appOrigin}/callback?code=stolen&state=tx1.unknown`)
    const { status, error } = await tab.auth.ready()
    expect({ status, error }).toEqual({ status: 'signed-in', error: undefined })
    expect(tab.page.href()).toBe(`${appOrigin}/`)
    expect(scene.server.requests).toHaveLength(before)
  })

  test.each(['__proto__', 'constructor', 'toString'])('named %s is unknown', async (name) => {
    const scene = createScene()
    await scene.leave(scene.open())
    scene.records.set(transactionsKey, JSON.parse('{}'))
    const tab = scene.open(`${appOrigin}/callback?code=x&state=tx1.${name}`)
    expect((await tab.auth.ready()).error).toMatchObject({ code: 'transaction_not_found' })
  })

  test('that is older than ten minutes has expired', async () => {
    const scene = createScene()
    const tab = scene.open()
    await scene.leave(tab)
    scene.clock.jump(600_000)
    const back = await scene.comeBack(tab)
    expect(errorOf(back)).toEqual({ code: 'transaction_not_found', phase: 'callback' })
    expect(codesSent(scene)).toBe(0)
  })

  test('that is ten minutes old to the second before is good', async () => {
    const scene = createScene()
    const tab = scene.open()
    await scene.leave(tab)
    scene.clock.jump(599_000)
    expect((await scene.comeBack(tab)).auth.getSnapshot().status).toBe('signed-in')
  })

  test('is good once: a bookmarked callback URL ends where the session is', async () => {
    const scene = createScene()
    const tab = scene.open()
    await scene.leave(tab)
    const url = callbackUrl(scene.server, tab.page.href())
    await scene.comeBack(tab, url)
    const bookmarked = scene.open(url)
    expect((await bookmarked.auth.ready()).status).toBe('signed-in')
    expect(bookmarked.page.href()).toBe(`${appOrigin}/`)
    expect(codesSent(scene)).toBe(1)
  })

  test('of another browser says that the sign-in was not begun here', async () => {
    const [here, elsewhere] = [createScene(), createScene()]
    const tab = elsewhere.open()
    await elsewhere.leave(tab)
    const url = callbackUrl(elsewhere.server, tab.page.href())
    const { error } = await here.open(url).auth.ready()
    expect(error?.code).toBe('transaction_not_found')
    expect(here.server.requests).toEqual([])
  })

  test.each([
    ['without the prefix of ours', '/callback?code=1&state=theirs'],
    ['on another path', '/other?code=1&state=tx1.theirs'],
    ['on a path below', '/callback/deeper?code=1&state=tx1.theirs'],
    ['in the fragment', '/callback#code=1&state=tx1.theirs'],
  ])('%s belongs to the app and stays in the URL', async (_title, path) => {
    const scene = createScene()
    const tab = scene.open(appOrigin + path)
    const { status, error } = await tab.auth.ready()
    expect({ status, error }).toEqual({ status: 'signed-out', error: undefined })
    expect(tab.page.href()).toBe(appOrigin + path)
  })
})

describe('a client that is disposed of while its code is exchanged, as its provider unmounts', () => {
  test('stores the session that arrives, and shows it when it is started again', async () => {
    const scene = createScene()
    const { exchanging, release } = await exchangeMidway(scene)
    exchanging.auth.dispose()
    release()
    await settle()
    expect((await exchanging.auth.ready()).status).toBe('signed-in')
    expect(codesSent(scene)).toBe(1)
  })

  test('is followed by another one, which gets the session when it arrives', async () => {
    const scene = createScene()
    const { exchanging, release } = await exchangeMidway(scene)
    exchanging.auth.dispose()
    const next = scene.open(undefined, {}, { page: exchanging.page })
    const { status, error } = await next.auth.ready()
    expect({ status, code: error?.code }).toEqual({ status: 'signed-out', code: 'callback_interrupted' })
    release()
    await settle()
    expect(next.auth.getSnapshot().status).toBe('signed-in')
    expect(codesSent(scene)).toBe(1)
  })
})

describe('a reload', () => {
  test('while the code is exchanged says callback_interrupted, and a new sign-in works', async () => {
    const scene = createScene()
    const { exchanging } = await exchangeMidway(scene)
    const reloaded = scene.reload(exchanging)
    const { status, error } = await reloaded.auth.ready()
    expect({ status, code: error?.code, retryable: error?.retryable }).toEqual({
      status: 'signed-out',
      code: 'callback_interrupted',
      retryable: true,
    })
    await scene.leave(reloaded)
    expect((await scene.comeBack(reloaded)).auth.getSnapshot()).toMatchObject({ status: 'signed-in' })
    expect(codesSent(scene)).toBe(2)
  })

  test('says callback_interrupted once, not at the reload after it', async () => {
    const scene = createScene()
    const { exchanging } = await exchangeMidway(scene)
    const reloaded = scene.reload(exchanging)
    await reloaded.auth.ready()
    expect((await scene.reload(reloaded).auth.ready()).error).toBeUndefined()
  })

  test('to a session that is there all the same says nothing, not even after it was left', async () => {
    const scene = createScene()
    await scene.signIn()
    const { exchanging } = await exchangeMidway(scene)
    const reloaded = scene.reload(exchanging)
    expect(await reloaded.auth.ready()).toMatchObject({ status: 'signed-in', isStale: false })
    await scene.clock.advance(0)
    await reloaded.auth.signOut()
    expect(await scene.reload(reloaded).auth.ready()).toEqual({ status: 'signed-out' })
  })

  test('between the claim and the cleaning of the URL does not exchange the code', async () => {
    const scene = createScene()
    const tab = scene.open()
    await scene.leave(tab)
    const url = callbackUrl(scene.server, tab.page.href())
    tab.page.navigate(url)
    const transactions = scene.records.get(transactionsKey) as Record<string, object>
    const claimed = Object.entries(transactions).map(([state, tx]) => [state, { ...tx, claimId: 'earlier' }])
    scene.records.set(transactionsKey, Object.fromEntries(claimed))
    const { error } = await scene.reload(tab).auth.ready()
    expect(error?.code).toBe('callback_interrupted')
    expect(codesSent(scene)).toBe(0)
  })

  test('of one client is not told to another client on the same page', async () => {
    const scene = createScene()
    const { exchanging } = await exchangeMidway(scene)
    const other = scene.open(undefined, { sessionName: 'admin' }, { page: exchanging.page })
    expect((await other.auth.ready()).error).toBeUndefined()
    expect((await scene.reload(exchanging).auth.ready()).error?.code).toBe('callback_interrupted')
  })
})
