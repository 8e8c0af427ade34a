import { describe, expect, test } from 'vitest'
import { json } from '../../support/model-server.ts'
import { createScene, lifetimeMs, refreshTokensSent } from '../../support/scene.ts'
import { settle } from '../../support/simulated-clock.ts'

const hourMs = 3_600_000
const aheadMs = 60_000

describe('a visible tab', () => {
  test('renews a minute before the token expires, and again and again', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    await scene.clock.advance(lifetimeMs - aheadMs - 1)
    expect(refreshTokensSent(scene)).toHaveLength(0)
    await scene.clock.advance(1)
    expect(refreshTokensSent(scene)).toHaveLength(1)
    await scene.clock.advance(10 * (lifetimeMs - aheadMs))
    expect(refreshTokensSent(scene)).toHaveLength(11)
    expect(tab.auth.getSnapshot()).toMatchObject({ token: { accessToken: 'access-13' } })
  })

  test('renews as early as it is told', async () => {
    const scene = createScene()
    await scene.signIn({ refreshAheadMs: 300_000 })
    await scene.clock.advance(lifetimeMs - 300_000)
    expect(refreshTokensSent(scene)).toHaveLength(1)
  })

  test('renews a short-lived token in the middle of its life', async () => {
    const scene = createScene({ lifetimeSeconds: 60 })
    await scene.signIn()
    await scene.clock.advance(29_999)
    expect(refreshTokensSent(scene)).toHaveLength(0)
    await scene.clock.advance(1)
    expect(refreshTokensSent(scene)).toHaveLength(1)
  })

  test('asks no more often than once in a second, however short the lives of tokens are', async () => {
    const scene = createScene({ lifetimeSeconds: 0 })
    await scene.signIn()
    await scene.clock.advance(10_000)
    expect(refreshTokensSent(scene).length).toBeLessThanOrEqual(10)
  })

  test('is one of ten that do so with one request', async () => {
    const scene = createScene()
    const tabs = [await scene.signIn()]
    for (let n = 1; n < 10; n++) tabs.push(scene.open())
    await Promise.all(tabs.map(({ auth }) => auth.ready()))
    await scene.clock.advance(lifetimeMs - aheadMs)
    expect(refreshTokensSent(scene)).toHaveLength(1)
    for (const { auth } of tabs) {
      expect(auth.getSnapshot()).toMatchObject({ token: { accessToken: 'access-3' }, isStale: false })
    }
  })

  test('that is disposed of asks for nothing, and has no timer', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    tab.auth.dispose()
    expect(scene.clock.timers()).toEqual([])
    await scene.clock.advance(lifetimeMs)
    expect(refreshTokensSent(scene)).toHaveLength(0)
  })

  test('never sets a timer for longer than an hour', async () => {
    const scene = createScene({ lifetimeSeconds: 30 * 24 * 3600 })
    const tab = await scene.signIn()
    await scene.clock.advance(0)
    expect(scene.clock.timers()).toEqual([hourMs])
    await scene.clock.advance(5 * hourMs)
    expect(scene.clock.timers()).toEqual([hourMs])
    expect(tab.auth.getSnapshot()).toMatchObject({ token: { accessToken: 'access-2' } })
  })
})

describe('a hidden tab', () => {
  test('asks for nothing, however long it is hidden', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    tab.page.setVisible(false)
    await scene.clock.advance(24 * hourMs)
    expect(refreshTokensSent(scene)).toHaveLength(0)
    expect(tab.auth.getSnapshot().status).toBe('signed-in')
  })

  test('is one of a hundred that are silent when the connection comes back', async () => {
    const scene = createScene()
    const tabs = [await scene.signIn()]
    for (let n = 1; n < 100; n++) tabs.push(scene.open())
    await Promise.all(tabs.map(({ auth }) => auth.ready()))
    const before = scene.server.requests.length
    for (const { page } of tabs) page.setVisible(false)
    await scene.clock.advance(24 * hourMs)
    for (const { page } of tabs) page.comeOnline()
    await settle()
    expect(scene.server.requests).toHaveLength(before)
  })

  test('renews what is due when it is shown again', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    tab.page.setVisible(false)
    await scene.clock.advance(lifetimeMs)
    tab.page.setVisible(true)
    await settle()
    expect(refreshTokensSent(scene)).toHaveLength(1)
    expect(tab.auth.getSnapshot()).toMatchObject({ token: { accessToken: 'access-3' } })
  })

  test('serves whoever asks it for a token', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    tab.page.setVisible(false)
    await scene.clock.advance(lifetimeMs)
    expect(await tab.auth.getAccessToken()).toBe('access-3')
  })

  test('ends a session without a refresh token at its expiry all the same', async () => {
    const scene = createScene({ withoutRefreshToken: true })
    const tab = await scene.signIn()
    tab.page.setVisible(false)
    await scene.clock.advance(lifetimeMs)
    expect(tab.auth.getSnapshot()).toMatchObject({ error: { code: 'session_expired' } })
  })
})

describe('a laptop that slept past the expiry', () => {
  test('gives its first caller a valid token', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    scene.clock.jump(12 * hourMs)
    expect(await tab.auth.getAccessToken()).toBe('access-3')
  })

  test('renews at the wake-up, before anybody asks', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    scene.clock.jump(12 * hourMs)
    tab.page.wake()
    await settle()
    expect(refreshTokensSent(scene)).toHaveLength(1)
  })

  test('ends a session that cannot be renewed at the wake-up', async () => {
    const scene = createScene({ withoutRefreshToken: true })
    const tab = await scene.signIn()
    scene.clock.jump(12 * hourMs)
    tab.page.wake()
    await settle()
    expect(tab.auth.getSnapshot()).toMatchObject({ error: { code: 'session_expired' } })
  })
})

describe('a wake-up', () => {
  test('while the token is fresh reads the store and sends nothing', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    const before = tab.storage.log.length
    tab.page.wake()
    await settle()
    expect(tab.storage.log.slice(before)).toEqual([expect.stringMatching(/^read /)])
    expect(refreshTokensSent(scene)).toHaveLength(0)
  })

  test('of a tab that is signed out changes nothing', async () => {
    const scene = createScene()
    const tab = scene.open()
    const snapshot = await tab.auth.ready()
    tab.page.wake()
    await settle()
    expect(tab.auth.getSnapshot()).toBe(snapshot)
  })

  test('shows a session that began while the tab missed the messages', async () => {
    const scene = createScene()
    const deaf = { post: () => {}, listen: () => {}, close: () => {} }
    const tab = scene.open(undefined, undefined, { channel: deaf })
    await tab.auth.ready()
    await scene.signIn()
    tab.page.wake()
    await settle()
    expect(tab.auth.getSnapshot()).toMatchObject({ status: 'signed-in' })
    expect(tab.events).toContainEqual(expect.objectContaining({ type: 'signed-in', by: 'other-tab' }))
  })
})

describe('a clock', () => {
  test.each([
    ['an hour ahead', hourMs],
    ['an hour behind', -hourMs],
  ])('that is always %s changes nothing', async (_title, offsetMs) => {
    const scene = createScene()
    scene.clock.jump(offsetMs)
    const tab = await scene.signIn()
    await scene.clock.advance(lifetimeMs - aheadMs)
    expect(refreshTokensSent(scene)).toHaveLength(1)
    expect(tab.auth.getSnapshot()).toMatchObject({ status: 'signed-in', isStale: false })
  })

  test('set forward an hour costs one refresh', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    scene.clock.jump(hourMs)
    for (let n = 0; n < 5; n++) expect(await tab.auth.getAccessToken()).toBe('access-3')
    await scene.clock.advance(lifetimeMs - aheadMs - 1)
    expect(refreshTokensSent(scene)).toHaveLength(1)
  })

  test('set back an hour costs one refresh', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    scene.clock.jump(-hourMs)
    for (let n = 0; n < 5; n++) expect(await tab.auth.getAccessToken()).toBe('access-3')
    await scene.clock.advance(lifetimeMs - aheadMs - 1)
    expect(refreshTokensSent(scene)).toHaveLength(1)
  })

  test('set back an hour does not let the token of a visible tab run out', async () => {
    const scene = createScene()
    await scene.signIn()
    scene.clock.jump(-hourMs)
    await scene.clock.advance(lifetimeMs)
    expect(refreshTokensSent(scene)).toHaveLength(1)
  })

  test('set back an hour does not end a session without a refresh token', async () => {
    const scene = createScene({ withoutRefreshToken: true })
    const tab = await scene.signIn()
    scene.clock.jump(-hourMs)
    expect(await tab.auth.getAccessToken()).toBe('access-2')
  })

  test('set back while the server is down does not stop the next try for an hour', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    scene.server.script('/v2/oauth/token', () => json({ error: 'invalid_client' }, 401))
    await tab.auth.refresh().catch(() => {})
    scene.clock.jump(-hourMs)
    await scene.clock.advance(60_000)
    expect(tab.auth.getSnapshot()).toMatchObject({ isStale: false, token: { accessToken: 'access-3' } })
  })

  test('set back serves the token that is there, when it cannot be renewed', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    scene.clock.jump(-hourMs)
    scene.server.script('/v2/oauth/token', () => json({ error: 'invalid_client' }, 401))
    expect(await tab.auth.getAccessToken()).toBe('access-2')
  })

  test('that jumps back and forth never makes more than one request per jump', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    for (let n = 1; n <= 10; n++) {
      scene.clock.jump(n % 2 ? hourMs : -hourMs)
      await Promise.all([tab.auth.getAccessToken(), tab.auth.getAccessToken()])
      tab.page.wake()
      await settle()
      expect(refreshTokensSent(scene).length).toBeLessThanOrEqual(n)
    }
  })
})

describe('the limits of an app', () => {
  test('end the session that long after the sign-in, in every tab, and on restore', async () => {
    const options = { maxSessionMs: 8 * hourMs }
    const scene = createScene()
    const tab = await scene.signIn(options)
    await scene.clock.advance(8 * hourMs - 1)
    expect(tab.auth.getSnapshot().status).toBe('signed-in')
    tab.auth.dispose()
    scene.clock.jump(1)
    const restored = scene.open(undefined, options)
    expect(await restored.auth.ready()).toMatchObject({
      status: 'signed-out',
      error: { code: 'session_expired' },
    })
    await settle()
    expect(scene.record()).toMatchObject({ ended: 'session_expired' })
  })

  test('end it that long after the last activity in any tab', async () => {
    const options = { idleTimeoutMs: hourMs / 2 }
    const scene = createScene()
    const [tab, other] = [await scene.signIn(options), scene.open(undefined, options)]
    await other.auth.ready()
    for (let n = 0; n < 5; n++) {
      await scene.clock.advance(hourMs / 4)
      other.page.act()
      await settle()
    }
    expect(tab.auth.getSnapshot().status).toBe('signed-in')
    await scene.clock.advance(hourMs / 2)
    for (const { auth } of [tab, other]) {
      expect(auth.getSnapshot()).toMatchObject({ status: 'signed-out', error: { code: 'session_expired' } })
    }
  })
})
