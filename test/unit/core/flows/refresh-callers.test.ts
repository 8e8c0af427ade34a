import { describe, expect, test } from 'vitest'
import { createDeferred } from '../../../support/deferred.ts'
import { json } from '../../../support/model-server.ts'
import { createScene, lifetimeMs, refreshTokensSent } from '../../../support/scene.ts'
import { settle } from '../../../support/simulated-clock.ts'

describe('a caller', () => {
  test('stops waiting when its signal is aborted; the request goes on for the others', async () => {
    const scene = createScene()
    const { auth } = await scene.signIn()
    scene.clock.jump(lifetimeMs)
    const held = createDeferred()
    scene.server.script('/v2/oauth/token', (process) => held.promise.then(process))
    const stop = new AbortController()
    const [aborted, other] = [auth.getAccessToken({ signal: stop.signal }), auth.getAccessToken()]
    aborted.catch(() => {})
    await settle()
    stop.abort(new Error('left the page'))
    await expect(aborted).rejects.toThrow('left the page')
    held.resolve()
    expect(await other).toBe('access-3')
  })

  test('with an aborted signal gets no token', async () => {
    const scene = createScene()
    const { auth } = await scene.signIn()
    await expect(auth.getAccessToken({ signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    })
  })

  test('stops waiting at requestTimeoutMs with refresh_pending; the late answer is stored and shown', async () => {
    const scene = createScene()
    const { auth } = await scene.signIn({ requestTimeoutMs: 3000 })
    scene.clock.jump(lifetimeMs)
    const held = createDeferred()
    scene.server.script('/v2/oauth/token', (process) => held.promise.then(process))
    const token = auth.getAccessToken()
    token.catch(() => {})
    await scene.clock.advance(3000)
    await expect(token).rejects.toMatchObject({ code: 'refresh_pending', retryable: true })
    expect(auth.getSnapshot()).toMatchObject({ status: 'signed-in', isStale: true })
    held.resolve()
    await settle()
    expect(scene.record()).toMatchObject({ generation: 2, refreshToken: 'refresh-3' })
    expect(auth.getSnapshot()).toMatchObject({ isStale: false, token: { accessToken: 'access-3' } })
    expect(await auth.getAccessToken()).toBe('access-3')
  })

  test('in the last minute is served at once, and the token is renewed behind', async () => {
    const scene = createScene()
    const { auth, page } = await scene.signIn()
    page.setVisible(false)
    scene.clock.jump(lifetimeMs - 30_000)
    expect(await auth.getAccessToken()).toBe('access-2')
    await settle()
    expect(await auth.getAccessToken()).toBe('access-3')
    expect(refreshTokensSent(scene)).toHaveLength(1)
  })

  test('gets a token that is valid for as long as asked', async () => {
    const scene = createScene()
    const { auth } = await scene.signIn()
    scene.clock.jump(lifetimeMs - 300_000)
    expect(await auth.getAccessToken({ minValidityMs: 299_000 })).toBe('access-2')
    expect(await auth.getAccessToken({ minValidityMs: 300_000 })).toBe('access-3')
  })

  test('of one session never gets the token of the next', async () => {
    const scene = createScene()
    const [tab, other] = [await scene.signIn(), scene.open()]
    await other.auth.ready()
    scene.clock.jump(lifetimeMs)
    const held = createDeferred()
    scene.server.script('/v2/oauth/token', (process) => held.promise.then(process))
    const token = tab.auth.getAccessToken()
    token.catch(() => {})
    await settle()
    await scene.leave(other)
    await scene.comeBack(other)
    await expect(Promise.race([token, settle()])).resolves.toBeUndefined()
    held.resolve()
    await expect(token).rejects.toMatchObject({ code: 'session_replaced', retryable: true })
    expect(await tab.auth.getAccessToken()).not.toBe('access-2')
    expect(tab.events).toContainEqual(expect.objectContaining({ type: 'session-replaced' }))
  })
})

describe('an answer that comes late', () => {
  test('does not bring back a session that was signed out meanwhile', async () => {
    const scene = createScene()
    const [tab, other] = [await scene.signIn(), scene.open()]
    await other.auth.ready()
    const held = createDeferred()
    scene.server.script('/v2/oauth/token', (process) => held.promise.then(process))
    const refreshed = tab.auth.refresh()
    refreshed.catch(() => {})
    await settle()
    await other.auth.signOut()
    held.resolve()
    await settle()
    expect(scene.record()).toMatchObject({ ended: '' })
    for (const { auth } of [tab, other]) expect(auth.getSnapshot()).toEqual({ status: 'signed-out' })
  })

  test('does not bring it back in the tab that signed out either', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    const held = createDeferred()
    scene.server.script('/v2/oauth/token', (process) => held.promise.then(process))
    tab.auth.refresh().catch(() => {})
    await settle()
    await tab.auth.signOut()
    held.resolve()
    await settle()
    expect(tab.auth.getSnapshot()).toEqual({ status: 'signed-out' })
    expect(scene.record()).toMatchObject({ ended: '' })
  })

  test('is dropped when another tab took the lease over', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    const held = createDeferred()
    scene.server.script('/v2/oauth/token', (process) => held.promise.then(process))
    tab.auth.refresh().catch(() => {})
    await settle()
    const token = { ...(scene.record().token as object), accessToken: 'theirs' }
    scene.patchRecord({ generation: 2, refreshToken: 'theirs', token, lease: undefined })
    held.resolve()
    await settle()
    expect(scene.record()).toMatchObject({ refreshToken: 'theirs' })
    expect(await tab.auth.getAccessToken()).toBe('theirs')
  })

  test('that is a refusal ends the session as long as the lease stands', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    const held = createDeferred<Response>()
    scene.server.script('/v2/oauth/token', () => held.promise)
    tab.auth.refresh().catch(() => {})
    await scene.clock.advance(10_000)
    held.resolve(json({ error: 'invalid_grant' }, 400))
    await settle()
    expect(tab.auth.getSnapshot()).toMatchObject({ status: 'signed-out', error: { code: 'invalid_grant' } })
  })
})
