import { describe, expect, test } from 'vitest'
import { createScene } from '../../../support/scene.ts'
import { settle } from '../../../support/simulated-clock.ts'

const never = () => new Promise<Response>(() => {})

/** Two tabs, of which the first one waits for an answer that does not come. */
async function createWaitingTab() {
  const scene = createScene()
  const [tab, other] = [await scene.signIn(), scene.open()]
  await other.auth.ready()
  scene.server.script('/v2/oauth/token', never)
  const refreshed = tab.auth.refresh()
  refreshed.catch(() => {})
  await settle()
  return { scene, tab, other, refreshed }
}

describe('a response that takes longer than callers wait', () => {
  test('after another tab stored a newer token leaves the session as fresh as it is', async () => {
    const { scene, tab, refreshed } = await createWaitingTab()
    const token = { ...(scene.record().token as object), accessToken: 'theirs' }
    scene.patchRecord({ generation: 2, refreshToken: 'theirs', token, lease: undefined })
    tab.page.wake()
    await settle()
    await scene.clock.advance(10_000)
    await expect(refreshed).resolves.toBeUndefined()
    const { isStale, isRefreshing } = { isStale: false, isRefreshing: false }
    expect(tab.auth.getSnapshot()).toMatchObject({ isStale, isRefreshing, token: { accessToken: 'theirs' } })
    expect(tab.auth.getSnapshot().error).toBeUndefined()
    expect(tab.events).not.toContainEqual(expect.objectContaining({ type: 'refresh-failed' }))
  })

  test('after another sign-in is no failure of the session that came then', async () => {
    const { scene, tab, other, refreshed } = await createWaitingTab()
    await scene.leave(other)
    await scene.comeBack(other)
    await scene.clock.advance(10_000)
    await expect(refreshed).rejects.toMatchObject({ code: 'session_replaced' })
    expect(tab.auth.getSnapshot()).toMatchObject({ status: 'signed-in', isStale: false })
    expect(tab.auth.getSnapshot().error).toBeUndefined()
  })
})
