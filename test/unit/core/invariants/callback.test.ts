import { describe, expect, test } from 'vitest'
import { createDeferred } from '../../../support/deferred.ts'
import { json } from '../../../support/model-server.ts'
import { codesSent, createScene, type Scene, type SceneTab } from '../../../support/scene.ts'
import { answerTo, callbackUrl } from '../../../support/sign-in-tab.ts'
import { appOrigin } from '../../../support/simulated-browser.ts'
import { settle } from '../../../support/simulated-clock.ts'

const tokenPath = '/v2/oauth/token'

/** Loads the tab's page at `url`. @returns the tab, and every snapshot it shows, in two words */
function load(scene: Scene, tab: SceneTab, url = callbackUrl(scene.server, tab.page.href())) {
  tab.page.navigate(url)
  const back = scene.reload(tab)
  const shown: string[] = []
  back.auth.subscribe(() => {
    const { status, error } = back.auth.getSnapshot()
    shown.push([status, error?.code].filter(Boolean).join(' '))
  })
  return { back, shown }
}

describe('pending ends once', () => {
  test('the page is shown, comes online and hears of a sign-out during the exchange: one snapshot, signed-in', async () => {
    const scene = createScene()
    const [tab, other] = [await scene.signIn(), scene.open()]
    await tab.auth.signOut()
    await other.auth.ready()
    await scene.leave(tab)
    const held = createDeferred()
    scene.server.script(tokenPath, (process) => held.promise.then(process))
    const { back, shown } = load(scene, tab)
    await settle()
    back.page.setVisible(true)
    back.page.comeOnline()
    await other.auth.signOut()
    await settle()
    expect([shown, back.auth.getSnapshot().status]).toEqual([[], 'pending'])
    held.resolve()
    await back.auth.ready()
    await settle()
    expect(shown).toEqual(['signed-in'])
  })

  test.each([
    ['the user denies', (url: string) => answerTo(url, { error: 'access_denied' }), 'access_denied'],
    [
      'the state is of no pending sign-in',
      (url: string) => `${answerTo(url, { code: 'x' }).replace('state=tx1.', 'state=tx1.other')}`,
      'transaction_not_found',
    ],
    ['the server refuses the code', (url: string) => answerTo(url, { code: 'x' }), 'authorization_failed'],
  ])('%s: one snapshot, with the error', async (_title, respond, code) => {
    const scene = createScene()
    const tab = scene.open()
    const url = await scene.leave(tab)
    scene.server.script(tokenPath, () => json({ error: 'invalid_grant' }, 400))
    const { back, shown } = load(scene, tab, respond(url))
    await back.auth.ready()
    await settle()
    expect(shown).toEqual([`signed-out ${code}`])
  })

  test('the page is reloaded during the exchange: one snapshot, callback_interrupted', async () => {
    const scene = createScene()
    const tab = scene.open()
    await scene.leave(tab)
    scene.server.script(tokenPath, () => new Promise(() => {}))
    const { back } = load(scene, tab)
    await settle()
    const { back: reloaded, shown } = load(scene, back, back.page.href())
    await reloaded.auth.ready()
    await settle()
    expect(shown).toEqual(['signed-out callback_interrupted'])
  })
})

const statusOf = ({ auth }: SceneTab) => auth.getSnapshot().status

/** The codes of the failed sign-ins that `tab` reported. */
const failures = ({ events }: SceneTab) =>
  events.flatMap((event) => (event.type === 'sign-in-failed' ? event.code : []))

describe('the response is the one the page was loaded with', () => {
  test('a router replaced the URL before the first call: signed in, and back where the sign-in began', async () => {
    const scene = createScene()
    const tab = scene.open()
    await scene.leave(tab)
    tab.page.navigate(callbackUrl(scene.server, tab.page.href()))
    const back = scene.reload(tab)
    back.page.replace('/')
    await back.auth.ready()
    expect([statusOf(back), back.page.href()]).toEqual(['signed-in', `${appOrigin}/inbox`])
  })

  test('a router replaces the URL while the code of callbacks is loaded', async () => {
    const scene = createScene()
    const tab = scene.open()
    await scene.leave(tab)
    tab.page.navigate(callbackUrl(scene.server, tab.page.href()))
    const back = scene.reload(tab)
    const ready = back.auth.ready()
    back.page.replace('/')
    await ready
    expect([statusOf(back), back.page.href()]).toEqual(['signed-in', `${appOrigin}/inbox`])
  })

  test('another client starts on the page later: it finds the response finished and reports nothing', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    await tab.auth.signOut()
    const later = scene.open(undefined, {}, { page: tab.page })
    expect(await later.auth.ready()).toEqual({ status: 'signed-out' })
    expect([later.page.href(), failures(later)]).toEqual([`${appOrigin}/inbox`, []])
    expect(codesSent(scene)).toBe(1)
  })

  test('a replaced URL with an unknown state is nothing to report', async () => {
    const scene = createScene()
    const tab = scene.open(`${appOrigin}/callback?code=x&state=tx1.unknown`)
    tab.page.replace('/home')
    expect(await tab.auth.ready()).toEqual({ status: 'signed-out' })
    expect(tab.page.href()).toBe(`${appOrigin}/home`)
  })

  test('two clients differ in sessionName alone: the one that did not sign in leaves the response alone', async () => {
    const scene = createScene()
    const tab = scene.open(undefined, { sessionName: 'admin' })
    await scene.leave(tab)
    tab.page.navigate(callbackUrl(scene.server, tab.page.href()))
    const url = tab.page.href()
    const other = scene.open(undefined, {}, { page: tab.page })
    expect(await other.auth.ready()).toEqual({ status: 'signed-out' })
    expect(tab.page.href()).toBe(url)
    const back = scene.reload(tab)
    await back.auth.ready()
    expect([statusOf(back), failures(other)]).toEqual(['signed-in', []])
  })
})

describe('a sign-in that failed is back where it began', () => {
  test.each([
    ['denied', { error: 'access_denied' }, 'access_denied'],
    ['a refused code', { code: 'x' }, 'authorization_failed'],
    ['no code', {}, 'callback_invalid'],
    ['a foreign issuer', { code: 'x', iss: 'https://evil.example' }, 'issuer_mismatch'],
  ])('%s: with the error in the snapshot and in one event', async (_title, parameters, code) => {
    const scene = createScene()
    const tab = scene.open(`${appOrigin}/list?page=2#row-7`)
    await tab.auth.signIn()
    scene.server.script(tokenPath, () => json({ error: 'invalid_grant' }, 400))
    const back = await scene.comeBack(tab, answerTo(tab.page.href(), parameters as Record<string, string>))
    expect(back.page.href()).toBe(`${appOrigin}/list?page=2#row-7`)
    expect(back.auth.getSnapshot().error).toMatchObject({ code, phase: 'callback' })
    expect(failures(back)).toEqual([code])
  })

  test('a time-out: back with the error, and the late session is shown without another navigation', async () => {
    const scene = createScene()
    const tab = scene.open()
    await scene.leave(tab)
    const held = createDeferred()
    scene.server.script(tokenPath, (process) => held.promise.then(process))
    const { back, shown } = load(scene, tab)
    const ready = back.auth.ready()
    await scene.clock.advance(10_000)
    await ready
    expect([back.page.href(), failures(back)]).toEqual([`${appOrigin}/inbox`, ['server_unavailable']])
    back.page.replace('/elsewhere')
    held.resolve()
    await settle()
    expect([back.page.href(), shown]).toEqual([
      `${appOrigin}/elsewhere`,
      ['signed-out server_unavailable', 'signed-in'],
    ])
  })

  test('a reload during the exchange: back with callback_interrupted', async () => {
    const scene = createScene()
    const tab = scene.open()
    await scene.leave(tab)
    scene.server.script(tokenPath, () => new Promise(() => {}))
    const { back } = load(scene, tab)
    await settle()
    const { back: reloaded } = load(scene, back, back.page.href())
    await reloaded.auth.ready()
    expect([reloaded.page.href(), failures(reloaded)]).toEqual([
      `${appOrigin}/inbox`,
      ['callback_interrupted'],
    ])
  })

  test('the user is elsewhere when a reload tells of it: there they stay', async () => {
    const scene = createScene()
    const tab = scene.open()
    await scene.leave(tab)
    scene.server.script(tokenPath, () => new Promise(() => {}))
    const { back } = load(scene, tab)
    await settle()
    const { back: reloaded } = load(scene, back, `${appOrigin}/elsewhere`)
    await reloaded.auth.ready()
    expect([reloaded.page.href(), reloaded.auth.getSnapshot().error?.code]).toEqual([
      `${appOrigin}/elsewhere`,
      'callback_interrupted',
    ])
  })

  test('a reload after Deny shows the error once more, without a second event; the next reload does not', async () => {
    const scene = createScene()
    const tab = scene.open()
    const back = await scene.comeBack(tab, answerTo(await scene.leave(tab), { error: 'access_denied' }))
    await scene.clock.advance(0)
    const reloaded = scene.reload(back)
    const { error } = await reloaded.auth.ready()
    expect([error?.code, error?.phase, failures(reloaded)]).toEqual(['access_denied', 'callback', []])
    expect(await scene.reload(reloaded).auth.ready()).toEqual({ status: 'signed-out' })
  })

  test('a bookmarked callback: the folder of the redirect URI, with transaction_not_found', async () => {
    const scene = createScene()
    const redirectUri = '/app/callback'
    const tab = scene.open(`${appOrigin}/app/callback?code=x&state=tx1.unknown`, { redirectUri })
    await tab.auth.ready()
    expect([tab.page.href(), failures(tab)]).toEqual([`${appOrigin}/app/`, ['transaction_not_found']])
  })
})

describe('the place of a sign-in', () => {
  test.each([
    ['/app/', '/app/#/settings?tab=1', '/app/#/settings?tab=1'],
    ['/app/', '/app/?view=list', '/app/?view=list'],
    ['/app/index.html', '/app/index.html#/settings', '/app/index.html#/settings'],
    ['/app/callback', '/app/callback', '/app/'],
    ['/app/callback', '/app/callback/', '/app/'],
    ['/callback', '/app/deep', '/app/deep'],
  ])('redirectUri %s, from %s: back at %s', async (redirectUri, from, to) => {
    const scene = createScene()
    const tab = scene.open(appOrigin + from, { redirectUri })
    await tab.auth.signIn()
    const back = await scene.comeBack(tab)
    expect([statusOf(back), back.page.href()]).toEqual(['signed-in', appOrigin + to])
  })

  test('a static host adds a slash to the redirect URI: signed in, with the registered redirect URI', async () => {
    const scene = createScene()
    const tab = scene.open()
    await scene.leave(tab)
    const url = callbackUrl(scene.server, tab.page.href()).replace('/callback?', '/callback/?')
    const back = await scene.comeBack(tab, url)
    expect([statusOf(back), back.page.href()]).toEqual(['signed-in', `${appOrigin}/inbox`])
    const [request] = scene.server.tokenRequests('authorization_code')
    expect(request?.parameters.get('redirect_uri')).toBe(`${appOrigin}/callback`)
  })
})

describe('a response without a state of this app', () => {
  test.each(['?code=x', '?error=access_denied', '?code=x&state=theirs'])(
    '%s after this tab left for the server: callback_invalid, back where the sign-in began',
    async (query) => {
      const scene = createScene()
      const tab = scene.open()
      await scene.leave(tab)
      const back = await scene.comeBack(tab, `${appOrigin}/callback${query}`)
      expect(back.auth.getSnapshot().error).toMatchObject({ code: 'callback_invalid', phase: 'callback' })
      expect([back.page.href(), failures(back)]).toEqual([`${appOrigin}/inbox`, ['callback_invalid']])
      expect(codesSent(scene)).toBe(0)
    },
  )

  test('ten minutes after this tab left it belongs to the app', async () => {
    const scene = createScene()
    const tab = scene.open()
    await scene.leave(tab)
    scene.clock.jump(600_000)
    const back = await scene.comeBack(tab, `${appOrigin}/callback?code=x`)
    expect(back.auth.getSnapshot()).toEqual({ status: 'signed-out' })
    expect(back.page.href()).toBe(`${appOrigin}/callback?code=x`)
  })

  test('on another page of the app it belongs to the app', async () => {
    const scene = createScene()
    const tab = scene.open()
    await scene.leave(tab)
    const back = await scene.comeBack(tab, `${appOrigin}/promotion?code=x`)
    expect(back.auth.getSnapshot()).toEqual({ status: 'signed-out' })
    expect(back.page.href()).toBe(`${appOrigin}/promotion?code=x`)
  })
})

describe('a claim', () => {
  test('its write commits, then runs again on a new connection: it recognises itself', async () => {
    const scene = createScene()
    const tab = scene.open()
    await scene.leave(tab)
    const { storage } = tab
    const twice = {
      ...storage,
      update: async (key: string, change: (stored: unknown) => unknown) => {
        await storage.update(key, change)
        return storage.update(key, change)
      },
    }
    tab.page.navigate(callbackUrl(scene.server, tab.page.href()))
    const back = scene.open(undefined, {}, { page: tab.page, storage: twice, transactions: twice })
    await back.auth.ready()
    expect([statusOf(back), codesSent(scene)]).toEqual(['signed-in', 1])
  })
})
