import { describe, expect, test } from 'vitest'
import type { TelnyxAuthOptions } from '../../../../packages/core/src/options.ts'
import { createDeferred } from '../../../support/deferred.ts'
import {
  createScene,
  lifetimeMs,
  refreshTokensSent,
  type Scene,
  type SceneTab,
} from '../../../support/scene.ts'
import { settle } from '../../../support/simulated-clock.ts'

const minuteMs = 60_000
const idle: Partial<TelnyxAuthOptions> = { idleTimeoutMs: 30 * minuteMs }

const statusOf = ({ auth }: SceneTab): unknown => {
  const { status, error } = auth.getSnapshot()
  return error ? `${status} ${error.code}` : status
}

const codeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'no error',
    ({ code }) => code,
  )

/** Two tabs of one person: only the first one is used. */
async function openTwo(
  options: Partial<TelnyxAuthOptions>,
  lifetimeSeconds?: number,
): Promise<readonly [Scene, SceneTab, SceneTab]> {
  const scene = createScene(lifetimeSeconds ? { lifetimeSeconds } : {})
  const [used, other] = [await scene.signIn(options), scene.open(undefined, options)]
  await other.auth.ready()
  return [scene, used, other]
}

describe('the idle time-out', () => {
  test('begins anew in a tab that nobody uses, with every click in another one', async () => {
    const [scene, used, other] = await openTwo(idle)
    for (let clicks = 0; clicks < 3; clicks += 1) {
      await scene.clock.advance(20 * minuteMs)
      used.page.act()
      await settle()
    }
    await scene.clock.advance(29 * minuteMs)
    expect([statusOf(used), statusOf(other)]).toEqual(['signed-in', 'signed-in'])
    await scene.clock.advance(minuteMs)
    expect([statusOf(used), statusOf(other)]).toEqual([
      'signed-out session_expired',
      'signed-out session_expired',
    ])
  })

  test('that another tab has put off leaves this one with a timer', async () => {
    // No renewal sets it anew.
    const [scene, used, other] = await openTwo(idle, 86_400)
    await scene.clock.advance(20 * minuteMs)
    used.page.act()
    await settle()
    used.auth.dispose()
    await scene.clock.advance(10 * minuteMs)
    expect(statusOf(other)).toBe('signed-in')
    await scene.clock.advance(20 * minuteMs)
    expect(statusOf(other)).toBe('signed-out session_expired')
  })

  test('is over for a person who comes back too late: their first click does not bring it back', async () => {
    const scene = createScene()
    const tab = await scene.signIn(idle)
    scene.clock.jump(31 * minuteMs)
    tab.page.act()
    await settle()
    expect(statusOf(tab)).toBe('signed-out session_expired')
    expect(scene.record()).toMatchObject({ ended: 'session_expired' })
  })

  test('is not over for a click in a tab that slept while another one was used', async () => {
    const [scene, used, other] = await openTwo(idle)
    scene.clock.jump(20 * minuteMs)
    used.page.act()
    await settle()
    scene.clock.jump(20 * minuteMs)
    other.page.act()
    await settle()
    expect(statusOf(other)).toBe('signed-in')
    expect(scene.record().activeAtMs).toBe(scene.clock.now())
  })

  test('counts a click that comes while a token request is out', async () => {
    const [scene, used, other] = await openTwo(idle)
    await scene.clock.advance(20 * minuteMs)
    const hold = createDeferred<void>()
    scene.server.script('/v2/oauth/token', (process) => hold.promise.then(process))
    const refreshed = used.auth.refresh()
    await settle()
    const clickedAtMs = scene.clock.now()
    other.page.act()
    await settle()
    hold.resolve()
    await refreshed
    expect(scene.record()).toMatchObject({ generation: 2, activeAtMs: clickedAtMs })
    for (const tab of [used, other]) tab.auth.dispose()
    scene.clock.jump(25 * minuteMs)
    expect((await scene.open(undefined, idle).auth.ready()).status).toBe('signed-in')
  })

  test('is over on restore, without a request', async () => {
    const scene = createScene()
    const tab = await scene.signIn(idle)
    tab.auth.dispose()
    scene.clock.jump(30 * minuteMs)
    const restored = scene.open(undefined, idle)
    await restored.auth.ready()
    expect(statusOf(restored)).toBe('signed-out session_expired')
    await settle()
    expect(scene.record()).toMatchObject({ ended: 'session_expired' })
    expect(JSON.stringify(scene.record()), 'what is left of the tokens').not.toMatch(/access|refresh/)
    expect(refreshTokensSent(scene)).toEqual([])
  })

  test('without one, clicks are not listened to', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    const { length } = tab.storage.log
    scene.clock.jump(30 * minuteMs)
    tab.page.act()
    await settle()
    expect(tab.storage.log).toHaveLength(length)
  })

  test('a person who clicks all the time causes ten writes per time-out at most', async () => {
    const scene = createScene()
    const tab = await scene.signIn(idle)
    const before = tab.storage.log.filter((entry) => entry.startsWith('write')).length
    for (let clicks = 0; clicks < 300; clicks += 1) {
      scene.clock.jump(30 * minuteMs * 0.01)
      tab.page.act()
      await Promise.resolve()
    }
    await settle()
    const writes = tab.storage.log.filter((entry) => entry.startsWith('write')).length - before
    expect(writes).toBeGreaterThan(20)
    expect(writes).toBeLessThanOrEqual(30)
  })
})

describe('after a sleep beyond the limit', () => {
  const limits: readonly Partial<TelnyxAuthOptions>[] = [idle, { maxSessionMs: 30 * minuteMs }]

  test.each(limits)('%o: no token is given, none is asked for', async (options) => {
    const scene = createScene()
    const tab = await scene.signIn(options)
    scene.clock.jump(31 * minuteMs)
    expect(await codeOf(tab.auth.getAccessToken())).toBe('session_expired')
    expect(statusOf(tab)).toBe('signed-out session_expired')
    expect(refreshTokensSent(scene)).toEqual([])
  })

  test.each(limits)('%o: a refresh that is asked for is refused', async (options) => {
    const scene = createScene()
    const tab = await scene.signIn(options)
    scene.clock.jump(31 * minuteMs)
    expect(await codeOf(tab.auth.refresh())).toBe('session_expired')
    expect(statusOf(tab)).toBe('signed-out session_expired')
    expect(refreshTokensSent(scene)).toEqual([])
  })

  test.each(limits)('%o: fetch sends nothing', async (options) => {
    const scene = createScene()
    const tab = await scene.signIn(options)
    const { length } = scene.server.requests
    scene.clock.jump(31 * minuteMs)
    expect(await codeOf(tab.auth.fetch('https://api.telnyx.com/v2/balance'))).toBe('session_expired')
    expect(scene.server.requests).toHaveLength(length)
  })

  test('a token that another tab kept the session for is valid, not the one from before', async () => {
    const options = { idleTimeoutMs: 4 * lifetimeMs }
    const [scene, used, other] = await openTwo(options)
    const before = await other.auth.getAccessToken()
    scene.clock.jump(3 * lifetimeMs)
    used.page.act()
    await settle()
    scene.clock.jump(2 * lifetimeMs)
    const token = await other.auth.getAccessToken()
    expect(token).not.toBe(before)
    expect(scene.server.accepts(token)).toBe(true)
  })
})

test('a failing disk does not keep a session alive beyond its limit', async () => {
  const scene = createScene()
  const tab = await scene.signIn({ maxSessionMs: 30 * minuteMs })
  tab.storage.failCommits(true)
  await scene.clock.advance(30 * minuteMs)
  expect(statusOf(tab)).toBe('signed-out session_expired')
})

test('the limit of a sign-in that replaced another one counts from that sign-in', async () => {
  const scene = createScene()
  const tab = await scene.signIn({ maxSessionMs: 30 * minuteMs })
  await scene.clock.advance(20 * minuteMs)
  await scene.leave(tab)
  const again = await scene.comeBack(tab)
  await scene.clock.advance(20 * minuteMs)
  expect(statusOf(again)).toBe('signed-in')
  await scene.clock.advance(10 * minuteMs)
  expect(statusOf(again)).toBe('signed-out session_expired')
})
