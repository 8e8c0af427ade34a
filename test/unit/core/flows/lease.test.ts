import { describe, expect, test } from 'vitest'
import { sendLimitMs } from '../../../../packages/core/src/model/lease.ts'
import type { LockPort } from '../../../../packages/core/src/ports/lock.ts'
import { createDeferred } from '../../../support/deferred.ts'
import { json } from '../../../support/model-server.ts'
import { createScene, lifetimeMs, refreshTokensSent, type Scene } from '../../../support/scene.ts'
import { settle } from '../../../support/simulated-clock.ts'

const noWebLocks: LockPort = { names: async () => [], run: (_name, _timeoutMs, work) => work(false) }

/** Two tabs at expiry; the request of the first one is out and gets no answer until `answer` says so. */
async function createRace(scene: Scene, lock?: LockPort) {
  const ports = lock ? { lock } : {}
  const [owner, other] = [await scene.signIn(undefined, ports), scene.open(undefined, undefined, ports)]
  await other.auth.ready()
  // Hidden tabs do nothing by themselves: the test alone decides who asks when.
  for (const { page } of [owner, other]) page.setVisible(false)
  scene.clock.jump(lifetimeMs)
  const answer = createDeferred()
  return {
    owner,
    other,
    answer,
    send: async (when: 'before' | 'after') => {
      scene.server.script('/v2/oauth/token', (process) => {
        const response = when === 'after' ? process() : undefined
        return answer.promise.then(() => response ?? process())
      })
      const token = owner.auth.getAccessToken()
      token.catch(() => {})
      await settle()
    },
  }
}

describe('a tab that dies while its request is out', () => {
  test('leaves the session to the next tab, at once: nothing was processed', async () => {
    const scene = createScene()
    const { owner, other, send } = await createRace(scene)
    await send('before')
    scene.kill(owner)
    expect(await other.auth.getAccessToken()).toBe('access-3')
    expect(refreshTokensSent(scene)).toEqual(['refresh-2', 'refresh-2'])
  })

  test('leaves the session to the next tab where the server has a grace period', async () => {
    const scene = createScene({ rotation: 'grace-same-token' })
    const { owner, other, send } = await createRace(scene)
    await send('after')
    scene.kill(owner)
    expect(await other.auth.getAccessToken()).toBe('access-4')
    expect(scene.record()).toMatchObject({ refreshToken: 'refresh-3' })
  })

  test('ends the session with refresh_response_lost where it has none', async () => {
    const scene = createScene()
    const { owner, other, send } = await createRace(scene)
    await send('after')
    scene.kill(owner)
    await expect(other.auth.getAccessToken()).rejects.toMatchObject({ code: 'refresh_response_lost' })
    expect(scene.record()).toMatchObject({ ended: 'refresh_response_lost' })
  })

  test('before it sent costs nothing', async () => {
    const scene = createScene()
    const { owner, other } = await createRace(scene)
    const never = new Promise<void>(() => {})
    owner.storage.before((operation) => (operation === 'update' ? never : undefined))
    owner.auth.getAccessToken().catch(() => {})
    await settle()
    scene.kill(owner)
    expect(await other.auth.getAccessToken()).toBe('access-3')
    expect(refreshTokensSent(scene)).toEqual(['refresh-2'])
  })

  test('and the whole browser with it: the next start takes the lease over', async () => {
    const scene = createScene()
    const { owner, other, send } = await createRace(scene)
    await send('before')
    for (const tab of [owner, other]) scene.kill(tab)
    const restarted = scene.open()
    expect(await restarted.auth.getAccessToken()).toBe('access-3')
  })

  test('without Web Locks: other tabs wait as long as a request may take, then one acquires the lease', async () => {
    const scene = createScene()
    const { owner, other, send } = await createRace(scene, noWebLocks)
    await send('before')
    scene.kill(owner)
    const first = other.auth.getAccessToken()
    first.catch(() => {})
    await scene.clock.advance(10_000)
    await expect(first).rejects.toMatchObject({ code: 'refresh_pending', retryable: true })
    expect(refreshTokensSent(scene)).toHaveLength(1)
    await scene.clock.advance(sendLimitMs)
    expect(await other.auth.getAccessToken()).toBe('access-3')
    expect(refreshTokensSent(scene)).toEqual(['refresh-2', 'refresh-2'])
  })
})

describe.each([
  ['with Web Locks', undefined],
  ['without Web Locks', noWebLocks],
])('a live owner, %s,', (_title, lock) => {
  test('is waited for: its response serves both', async () => {
    const scene = createScene()
    const { other, send, answer } = await createRace(scene, lock)
    await send('before')
    const token = other.auth.getAccessToken()
    await scene.clock.advance(8000)
    answer.resolve()
    await scene.clock.advance(1000)
    expect(await token).toBe('access-3')
    expect(refreshTokensSent(scene)).toHaveLength(1)
  })

  test('that responds after minutes has sent the only request: callers time out, then all get its token', async () => {
    const scene = createScene()
    const { owner, other, send, answer } = await createRace(scene, lock)
    await send('after')
    const tokens = [owner, other].map(({ auth }) => auth.getAccessToken())
    for (const token of tokens) token.catch(() => {})
    await scene.clock.advance(10_000)
    for (const token of tokens) await expect(token).rejects.toMatchObject({ code: 'refresh_pending' })
    await scene.clock.advance(240_000)
    const later = [owner, other].map(({ auth }) => auth.getAccessToken())
    answer.resolve()
    await scene.clock.advance(1000)
    expect(await Promise.all(later)).toEqual(['access-3', 'access-3'])
    expect(refreshTokensSent(scene)).toEqual(['refresh-2'])
  })

  test('that is silent for longer than a request may take is replaced, by one tab', async () => {
    const scene = createScene()
    const { other, send } = await createRace(scene, lock)
    await send('before')
    const third = scene.open(undefined, undefined, lock ? { lock } : {})
    await third.auth.ready()
    third.page.setVisible(false)
    const tokens = () => [other, third].map(({ auth }) => auth.getAccessToken())
    for (const token of tokens()) token.catch(() => {})
    await scene.clock.advance(sendLimitMs - 1000)
    expect(refreshTokensSent(scene)).toHaveLength(1)
    await scene.clock.advance(10_000)
    expect(await Promise.all(tokens())).toEqual(['access-3', 'access-3'])
    expect(refreshTokensSent(scene)).toEqual(['refresh-2', 'refresh-2'])
  })

  test('that was replaced stores its response all the same, as long as its refresh token is the stored one', async () => {
    const scene = createScene()
    const { owner, other, send, answer } = await createRace(scene, lock)
    await send('after')
    const silent = createDeferred()
    scene.server.script('/v2/oauth/token', () =>
      silent.promise.then(() => json({ error: 'invalid_grant' }, 400)),
    )
    other.auth.getAccessToken().catch(() => {})
    await scene.clock.advance(sendLimitMs + 5000)
    expect(refreshTokensSent(scene)).toHaveLength(2)
    answer.resolve()
    await settle()
    silent.resolve()
    await settle()
    expect(scene.record()).toMatchObject({ generation: 2, refreshToken: 'refresh-3' })
    expect(await owner.auth.getAccessToken()).toBe('access-3')
    expect(await other.auth.getAccessToken()).toBe('access-3')
  })

  test('keeps others waiting while the current token is served', async () => {
    const scene = createScene()
    const { other, send } = await createRace(scene, lock)
    scene.clock.jump(-lifetimeMs / 2)
    const refreshed = other.auth.refresh()
    refreshed.catch(() => {})
    await send('before')
    expect(await other.auth.getAccessToken()).toBe('access-2')
  })
})
