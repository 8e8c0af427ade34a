import { describe, expect, test } from 'vitest'
import { json } from '../../../support/model-server.ts'
import { createScene, refreshTokensSent } from '../../../support/scene.ts'

describe('a token that is taken for expired', () => {
  test('is shown as expired at once, and nothing is sent before somebody needs a token', async () => {
    const scene = createScene()
    const { auth } = await scene.signIn()
    auth.expire()
    expect(auth.getSnapshot()).toMatchObject({
      status: 'signed-in',
      token: { accessToken: 'access-2', expiresAtMs: scene.clock.now() },
    })
    expect(refreshTokensSent(scene)).toEqual([])
    expect(await auth.getAccessToken()).toBe('access-3')
    expect(refreshTokensSent(scene)).toEqual(['refresh-2'])
  })

  test('is not sent: fetch gets a newer one first', async () => {
    const scene = createScene()
    const { auth } = await scene.signIn()
    auth.expire()
    await auth.fetch('https://api.telnyx.com/v2/x')
    expect(scene.server.requests.at(-1)).toMatchObject({ path: '/v2/x', authorization: 'Bearer access-3' })
    expect(scene.server.requests).not.toContainEqual(
      expect.objectContaining({ authorization: 'Bearer access-2' }),
    )
  })

  test('is not served either when the server is down', async () => {
    const scene = createScene()
    const { auth } = await scene.signIn()
    scene.server.script('/v2/oauth/token', () => json({ error: 'invalid_client' }, 401))
    auth.expire()
    await expect(auth.getAccessToken()).rejects.toMatchObject({ name: 'TelnyxAuthError' })
    expect(auth.getSnapshot()).toMatchObject({ status: 'signed-in', isStale: true })
  })

  test('stays as it was for the other tabs and in storage', async () => {
    const scene = createScene()
    const [tab, other] = [await scene.signIn(), scene.open()]
    await other.auth.ready()
    const before = [other.auth.getSnapshot(), scene.record()]
    tab.auth.expire()
    expect([other.auth.getSnapshot(), scene.record()]).toEqual(before)
    expect(await other.auth.getAccessToken()).toBe('access-2')
  })

  test('is nobody to worry about while nobody is signed in', () => {
    const { auth } = createScene().open()
    auth.expire()
    expect(auth.getSnapshot()).toEqual({ status: 'pending' })
  })
})
