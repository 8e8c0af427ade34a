import { describe, expect, test, vi } from 'vitest'
import { createDeferred } from '../../../support/deferred.ts'
import { json, type SeenRequest } from '../../../support/model-server.ts'
import { createScene, lifetimeMs, refreshTokensSent, type Scene } from '../../../support/scene.ts'
import { settle } from '../../../support/simulated-clock.ts'

const tokenPath = '/v2/oauth/token'

const proofsSent = ({ server }: Scene): readonly SeenRequest[] =>
  server.tokenRequests('refresh_token').filter(({ proof }) => proof !== null)

describe('a token endpoint that rotates at once and responds late', () => {
  test.each([25, 60, 290])('%i s later: one tab has sent one request, and goes on', async (seconds) => {
    const scene = createScene()
    const tab = await scene.signIn()
    const late = createDeferred()
    scene.server.script(tokenPath, (process) => {
      const response = process()
      return late.promise.then(() => response)
    })
    scene.clock.jump(lifetimeMs)
    for (let waited = 0; waited < seconds; waited += 5) {
      tab.auth.getAccessToken().catch(() => {})
      await scene.clock.advance(5000)
    }
    late.resolve()
    await settle()
    expect(refreshTokensSent(scene)).toEqual(['refresh-2'])
    expect(await tab.auth.getAccessToken()).toBe('access-3')
    expect(tab.auth.getSnapshot()).toMatchObject({ status: 'signed-in', isStale: false })
  })
})

describe('a server that wants a DPoP nonce', () => {
  /** A tab whose first request is refused for a nonce when `onRefusal` has run. */
  async function refreshWithNonce(onRefusal: (scene: Scene) => void) {
    const scene = createScene({ dpop: true })
    const tab = await scene.signIn()
    scene.server.script(tokenPath, () => {
      onRefusal(scene)
      return json({ error: 'use_dpop_nonce' }, 400, { 'dpop-nonce': 'n1' })
    })
    tab.auth.refresh().catch(() => {})
    // Keys and digests take real time.
    const hasEvent = (type: string) =>
      vi.waitFor(() => expect(tab.events.map((event) => event.type)).toContain(type), { timeout: 9_000 })
    return { scene, hasEvent }
  }

  test('gets the second request of the same lease', async () => {
    const { scene, hasEvent } = await refreshWithNonce(() => {})
    await hasEvent('token-renewed')
    expect(proofsSent(scene)).toHaveLength(2)
  })

  test('gets no second request when another tab has the lease by then', async () => {
    const { scene, hasEvent } = await refreshWithNonce(({ patchRecord }) =>
      patchRecord({ lease: { attemptId: 'other', locked: false } }),
    )
    await hasEvent('refresh-failed')
    expect(proofsSent(scene)).toHaveLength(1)
  })

  test('gets no second request when a newer token is stored by then', async () => {
    const { scene, hasEvent } = await refreshWithNonce((scene) => {
      const token = { ...(scene.record().token as object), accessToken: 'newer' }
      scene.patchRecord({ generation: 2, refreshToken: 'newer', token, lease: undefined })
    })
    await hasEvent('token-renewed')
    expect(proofsSent(scene)).toHaveLength(1)
  })
})

describe('a refresh of a session that another sign-in replaces', () => {
  test('is not joined by a refresh of the new session', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    const held = createDeferred()
    scene.server.script(tokenPath, (process) => held.promise.then(process))
    tab.auth.refresh().catch(() => {})
    await settle()
    const other = await scene.signIn()
    await settle()
    expect(tab.auth.getSnapshot()).toMatchObject({
      token: { accessToken: await other.auth.getAccessToken() },
    })
    const before = await tab.auth.getAccessToken()
    const refreshed = tab.auth.refresh()
    held.resolve()
    await settle()
    await refreshed
    expect(await tab.auth.getAccessToken()).not.toBe(before)
    expect(refreshTokensSent(scene)).toHaveLength(2)
  })
})
