import { describe, expect, test } from 'vitest'
import { json, type Script } from '../../../support/model-server.ts'
import { createScene, refreshTokensSent } from '../../../support/scene.ts'

const tokenPath = '/v2/oauth/token'
const forever = (script: Script): Script[] => Array(2000).fill(script)

describe('a server that asks for a loop', () => {
  test.each([
    ['429 with Retry-After: 0', { 'retry-after': '0' }],
    ['429 with a Retry-After an hour ago', { 'retry-after': new Date(Date.UTC(2026, 9, 31)).toUTCString() }],
    ['429 with a Retry-After that is no number', { 'retry-after': '1e400' }],
    ['429 without Retry-After', {}],
  ])('%s is asked less and less often by a visible tab', async (_title, headers: Record<string, string>) => {
    const scene = createScene()
    const tab = await scene.signIn()
    scene.server.script(tokenPath, ...forever(() => json({ error: 'slow_down' }, 429, headers)))
    tab.auth.refresh().catch(() => {})
    await scene.clock.advance(5000)
    expect(refreshTokensSent(scene).length).toBeLessThanOrEqual(4)
    await scene.clock.advance(600_000)
    expect(refreshTokensSent(scene).length).toBeLessThanOrEqual(20)
  })

  test.each([0, 1, 2])('tokens that live %i s are renewed less and less often', async (lifetimeSeconds) => {
    const scene = createScene({ lifetimeSeconds })
    const tab = await scene.signIn()
    for (let second = 0; second < 200; second += 1) {
      tab.auth.getAccessToken().catch(() => {})
      await scene.clock.advance(1000)
    }
    expect(refreshTokensSent(scene).length).toBeLessThanOrEqual(20)
  })

  test('an expired token is never served, however short tokens live', async () => {
    const scene = createScene({ lifetimeSeconds: 1 })
    const tab = await scene.signIn()
    await scene.clock.advance(30_000)
    const validForMs = async () => {
      await tab.auth.getAccessToken()
      const snapshot = tab.auth.getSnapshot()
      return snapshot.status === 'signed-in' ? snapshot.token.expiresAtMs - scene.clock.now() : 0
    }
    const served: number[] = []
    for (let call = 0; call < 30; call += 1) {
      validForMs().then(
        (leftMs) => served.push(leftMs),
        (error: unknown) => expect(error).toMatchObject({ code: 'refresh_pending' }),
      )
      await scene.clock.advance(700)
    }
    expect(served.length).toBeGreaterThan(0)
    expect(Math.min(...served)).toBeGreaterThan(0)
  })

  test.each([Number.NaN, -1])(
    'minValidityMs of %d is a TypeError, and sends nothing',
    async (minValidityMs) => {
      const scene = createScene()
      const tab = await scene.signIn()
      await expect(tab.auth.getAccessToken({ minValidityMs })).rejects.toThrow(TypeError)
      expect(refreshTokensSent(scene)).toEqual([])
    },
  )

  test('an endless minValidityMs costs one refresh per half a lifetime', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    for (let call = 0; call < 50; call += 1) await tab.auth.getAccessToken({ minValidityMs: Infinity })
    expect(refreshTokensSent(scene)).toEqual([])
  })
})
