import { describe, expect, test } from 'vitest'
import { createDeferred } from '../../../support/deferred.ts'
import { json } from '../../../support/model-server.ts'
import { createScene, lifetimeMs, refreshTokensSent, type Scene } from '../../../support/scene.ts'
import { settle } from '../../../support/simulated-clock.ts'

const metadata = { revocation_endpoint: 'https://api.telnyx.com/v2/oauth/revoke' }

const revocations = ({ server }: Scene) => server.requests.filter(({ path }) => path === '/v2/oauth/revoke')

const deaf = { post: () => {}, listen: () => {}, close: () => {} }

describe('signing out', () => {
  test('signs out here at once, and in every other tab, without an error', async () => {
    const scene = createScene()
    const [tab, other] = [await scene.signIn(), scene.open()]
    await other.auth.ready()
    await tab.auth.signOut()
    await settle()
    for (const { auth, events } of [tab, other]) {
      expect(auth.getSnapshot()).toEqual({ status: 'signed-out' })
      expect(events.at(-1)).toMatchObject({ type: 'signed-out' })
      expect(events.at(-1)).not.toHaveProperty('code')
      await expect(auth.getAccessToken()).rejects.toMatchObject({ code: 'signed_out' })
    }
  })

  test('leaves a tombstone without a token, so that a reload is signed out too', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    const { sessionId } = scene.record()
    await tab.auth.signOut()
    expect(scene.record()).toEqual({ v: 1, generation: 2, sessionId, ended: '', revokes: true })
    expect(await scene.reload(tab).auth.ready()).toEqual({ status: 'signed-out' })
  })

  test.each([
    ['is shown again', (page: { wake: () => void }) => page.wake()],
    ['comes back online', (page: { comeOnline: () => void }) => page.comeOnline()],
  ])('reaches a tab that missed the message when it %s', async (_title, wake) => {
    const scene = createScene()
    const [tab, other] = [await scene.signIn(), scene.open(undefined, undefined, { channel: deaf })]
    await other.auth.ready()
    await tab.auth.signOut()
    expect(other.auth.getSnapshot().status).toBe('signed-in')
    wake(other.page)
    await settle()
    expect(other.auth.getSnapshot()).toEqual({ status: 'signed-out' })
  })

  test('reaches a tab that missed the message when it needs a token, and nothing is sent', async () => {
    const scene = createScene()
    const [tab, other] = [await scene.signIn(), scene.open(undefined, undefined, { channel: deaf })]
    await other.auth.ready()
    await tab.auth.signOut()
    scene.clock.jump(lifetimeMs)
    await expect(other.auth.getAccessToken()).rejects.toMatchObject({ code: 'signed_out' })
    expect(refreshTokensSent(scene)).toEqual([])
  })

  test('cannot be undone by a refresh that was waiting for its retry', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    scene.server.script('/v2/oauth/token', () => new Response('', { status: 503 }))
    tab.auth.refresh().catch(() => {})
    await settle()
    await tab.auth.signOut()
    await scene.clock.advance(lifetimeMs)
    expect(refreshTokensSent(scene)).toHaveLength(1)
    expect(tab.auth.getSnapshot()).toEqual({ status: 'signed-out' })
    expect(scene.record()).toMatchObject({ ended: '' })
  })

  test('is no obstacle to the next sign-in, in any tab', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    await tab.auth.signOut()
    await scene.signIn()
    await settle()
    expect(tab.auth.getSnapshot().status).toBe('signed-in')
  })

  test('goes to the return path afterwards, and nowhere else', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    await expect(tab.auth.signOut({ returnTo: '//evil.example' })).rejects.toThrow(TypeError)
    expect(tab.auth.getSnapshot().status).toBe('signed-in')
    await tab.auth.signOut({ returnTo: '/bye' })
    expect(tab.page.href()).toBe('http://localhost:5173/bye')
  })

  test('loads the return path, which may be no page of the app; a router gets it where there is one', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    await tab.auth.signOut({ returnTo: '/logged-out.html' })
    expect(tab.log.at(-1)).toBe('navigate /logged-out.html')
    const paths: string[] = []
    const routed = await scene.signIn({ navigate: (path) => void paths.push(path) })
    await routed.auth.signOut({ returnTo: '/bye' })
    expect(paths).toEqual(['/inbox', '/bye'])
  })
})

describe('the result of a sign-out', () => {
  test('is revoked where the server confirms it: of the refresh token, with keepalive', async () => {
    const scene = createScene({ metadata })
    const tab = await scene.signIn()
    expect(await tab.auth.signOut()).toEqual({ revoked: true })
    expect(revocations(scene)).toMatchObject([{ method: 'POST', keepalive: true }])
    expect(revocations(scene)[0]?.parameters.get('token')).toBe('refresh-2')
  })

  test('is revoked for the access token where there is no other', async () => {
    const scene = createScene({ metadata, withoutRefreshToken: true })
    const tab = await scene.signIn()
    expect(await tab.auth.signOut()).toEqual({ revoked: true })
    expect(revocations(scene)[0]?.parameters.get('token')).toBe('access-2')
  })

  test('is not_supported where the metadata has no endpoint, as with Telnyx', async () => {
    const tab = await createScene().signIn()
    expect(await tab.auth.signOut()).toEqual({ revoked: false, reason: 'not_supported' })
  })

  test('is not_requested where the app said so: nothing is sent', async () => {
    const scene = createScene({ metadata })
    const tab = await scene.signIn()
    expect(await tab.auth.signOut({ revoke: false })).toEqual({ revoked: false, reason: 'not_requested' })
    expect(revocations(scene)).toEqual([])
  })

  test('is not_signed_in where nobody was', async () => {
    const scene = createScene({ metadata })
    expect(await scene.open().auth.signOut()).toEqual({ revoked: false, reason: 'not_signed_in' })
    expect(scene.server.requests).toEqual([])
  })

  test.each([
    ['says 503', () => new Response('', { status: 503 }), { status: 503 }],
    [
      'names its reason beside a challenge',
      () => json({ error: 'invalid_client' }, 401, { 'www-authenticate': 'Basic' }),
      { status: 401 },
    ],
    ['cannot be reached', () => Promise.reject(new TypeError('Failed to fetch')), {}],
  ])('is failed where the server %s: signed out here all the same', async (_title, script, told) => {
    const scene = createScene({ metadata })
    const tab = await scene.signIn()
    scene.server.script('/v2/oauth/revoke', script)
    expect(await tab.auth.signOut()).toEqual({ revoked: false, reason: 'failed', ...told })
    expect(tab.auth.getSnapshot()).toEqual({ status: 'signed-out' })
  })

  test('is failed where the server never answers, after requestTimeoutMs', async () => {
    const scene = createScene({ metadata })
    const tab = await scene.signIn()
    scene.server.script('/v2/oauth/revoke', () => new Promise(() => {}))
    const result = tab.auth.signOut({ returnTo: '/bye' })
    await scene.clock.advance(10_000)
    expect(await Promise.race([result, settle()])).toEqual({ revoked: false, reason: 'failed' })
    expect(tab.page.href()).toBe('http://localhost:5173/bye')
  })
})

describe('a sign-out during a refresh', () => {
  /** Signs out in one of two tabs while the request of the first one is processed, but not answered. */
  const leaveDuringRefresh = async (options: { revoke?: boolean }, isElsewhere: boolean, isFull = false) => {
    const scene = createScene({ metadata })
    const [tab, other] = [await scene.signIn(), scene.open()]
    await other.auth.ready()
    const held = createDeferred()
    scene.server.script('/v2/oauth/token', (process) => {
      const response = process()
      return held.promise.then(() => response)
    })
    tab.auth.refresh().catch(() => {})
    await settle()
    tab.storage.failCommits(isFull)
    const leaving = isElsewhere ? other : tab
    if (isFull) {
      held.resolve()
      await settle()
    }
    await leaving.auth.signOut(options)
    held.resolve()
    await scene.clock.advance(5000)
    return { scene, revoked: revocations(scene).map(({ parameters }) => parameters.get('token')) }
  }

  test.each([
    ['in the same tab', false],
    ['in another tab', true],
  ])('%s revokes the tokens of the late answer too', async (_title, isElsewhere) => {
    const { scene, revoked } = await leaveDuringRefresh({}, isElsewhere)
    expect(revoked).toEqual(['refresh-2', 'refresh-3'])
    expect(scene.record()).toMatchObject({ ended: '' })
  })

  test('in another tab revokes the tokens that the first one could not store', async () => {
    const { revoked } = await leaveDuringRefresh({}, true, true)
    expect([...revoked].sort()).toEqual(['refresh-2', 'refresh-3'])
  })

  test('revokes nothing where the app said so', async () => {
    expect((await leaveDuringRefresh({ revoke: false }, true)).revoked).toEqual([])
  })
})

describe('onRevoke', () => {
  test('receives the tokens in place of the endpoint, after the tabs are signed out', async () => {
    const scene = createScene({ metadata })
    const seen: unknown[] = []
    const tab = await scene.signIn({
      onRevoke: async (tokens) => {
        seen.push(tokens, scene.record().ended)
        return true
      },
    })
    expect(await tab.auth.signOut()).toEqual({ revoked: true })
    expect(seen).toEqual([{ accessToken: 'access-2', refreshToken: 'refresh-2' }, ''])
    expect(revocations(scene)).toEqual([])
  })

  const sync = (run: () => unknown) => run as unknown as () => Promise<boolean>

  test.each([
    ['resolves with false', () => Promise.resolve(false)],
    ['rejects', () => Promise.reject(new Error('no'))],
    ['throws', sync(() => JSON.parse('{'))],
    ['returns nothing', sync(() => undefined)],
  ])('that %s is failed, never an exception', async (_title, onRevoke) => {
    const tab = await createScene().signIn({ onRevoke })
    expect(await tab.auth.signOut()).toEqual({ revoked: false, reason: 'failed' })
  })

  test('is not asked while nobody is signed in, nor when the app does not want to revoke', async () => {
    const scene = createScene()
    let calls = 0
    const onRevoke = async () => {
      calls += 1
      return true
    }
    await scene.open(undefined, { onRevoke }).auth.signOut()
    await (await scene.signIn({ onRevoke })).auth.signOut({ revoke: false })
    expect(calls).toBe(0)
  })
})

describe('a session that another sign-in replaced', () => {
  test('is told once, with both ids, and tokens of the new one follow', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    const before = tab.auth.getSnapshot()
    await scene.signIn()
    await settle()
    const after = tab.auth.getSnapshot()
    if (before.status !== 'signed-in' || after.status !== 'signed-in') throw new Error('not signed in')
    expect(after.sessionId).not.toBe(before.sessionId)
    const told = tab.events.filter(({ type }) => type === 'session-replaced')
    expect(told).toEqual([
      expect.objectContaining({ sessionId: after.sessionId, previousSessionId: before.sessionId }),
    ])
    expect(await tab.auth.getAccessToken()).toBe(after.token.accessToken)
  })

  test('keeps its sessionId across refreshes and tabs', async () => {
    const scene = createScene()
    const [tab, other] = [await scene.signIn(), scene.open()]
    await other.auth.ready()
    const { sessionId } = scene.record()
    await tab.auth.refresh()
    await settle()
    for (const { auth } of [tab, other]) expect(auth.getSnapshot()).toMatchObject({ sessionId: sessionId })
  })

  test('does not leave its lease on the new one', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    const held = createDeferred()
    scene.server.script('/v2/oauth/token', (process) => held.promise.then(process))
    tab.auth.refresh().catch(() => {})
    await settle()
    await scene.signIn()
    expect(scene.record()).not.toHaveProperty('lease')
    held.resolve()
    await settle()
    expect(scene.record()).not.toHaveProperty('lease')
    expect(scene.record()).not.toHaveProperty('failures')
  })
})
