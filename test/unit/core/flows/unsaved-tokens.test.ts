import { describe, expect, test } from 'vitest'
import type { Ports } from '../../../../packages/core/src/context.ts'
import { sendLimitMs } from '../../../../packages/core/src/model/lease.ts'
import type { LockPort } from '../../../../packages/core/src/ports/lock.ts'
import { createScene, lifetimeMs, refreshTokensSent } from '../../../support/scene.ts'
import { settle } from '../../../support/simulated-clock.ts'

const noWebLocks: LockPort = { names: async () => [], run: (_name, _timeoutMs, work) => work(false) }

/** A tab that got the next tokens and cannot store them. Its timers are throttled, as those of hidden tabs are. */
async function createOwner(ports: Partial<Ports> = {}) {
  const scene = createScene()
  const { clock } = scene
  const throttled = {
    ...clock,
    setTimer: (delayMs: number, run: () => void) => clock.setTimer(Math.max(60_000, delayMs), run),
  }
  const owner = await scene.signIn(undefined, { ...ports, clock: throttled })
  owner.page.setVisible(false)
  scene.server.script('/v2/oauth/token', (process) => {
    owner.storage.failCommits(true)
    return process()
  })
  const refreshed = owner.auth.refresh()
  await settle()
  await refreshed
  return { scene, owner }
}

describe('an owner that cannot store its answer', () => {
  test('says so to a tab that was opened afterwards: the spent refresh token is not sent again', async () => {
    const { scene, owner } = await createOwner()
    const later = scene.open()
    await later.auth.ready()
    scene.clock.jump(lifetimeMs)
    const token = later.auth.getAccessToken()
    token.catch(() => {})
    await scene.clock.advance(20_000)
    await expect(token).rejects.toMatchObject({ code: 'refresh_pending' })
    expect(refreshTokensSent(scene)).toEqual(['refresh-2'])
    owner.storage.failCommits(false)
    await scene.clock.advance(60_000)
    expect(refreshTokensSent(scene)[1]).toBe('refresh-3')
    expect(later.auth.getSnapshot()).toMatchObject({ status: 'signed-in', isStale: false })
  })

  test('and refreshes again uses its newest refresh token: the other tabs still wait', async () => {
    const { scene, owner } = await createOwner()
    const later = scene.open()
    await later.auth.ready()
    scene.clock.jump(lifetimeMs)
    later.auth.getAccessToken().catch(() => {})
    await settle()
    owner.auth.refresh().catch(() => {})
    await scene.clock.advance(20_000)
    expect(later.auth.getSnapshot()).toMatchObject({ error: { code: 'refresh_pending' } })
    expect(refreshTokensSent(scene)).toEqual(['refresh-2', 'refresh-3'])
  })

  test('and is closed, without Web Locks: the other tabs wait as long as a request may take', async () => {
    const { scene, owner } = await createOwner({ lock: noWebLocks })
    const later = scene.open(undefined, undefined, { lock: noWebLocks })
    await later.auth.ready()
    scene.clock.jump(lifetimeMs)
    later.auth.getAccessToken().catch(() => {})
    await scene.clock.advance(20_000)
    expect(later.auth.getSnapshot()).toMatchObject({ status: 'signed-in', isStale: true })
    scene.kill(owner)
    await scene.clock.advance(sendLimitMs)
    // The server has no grace period: nobody can know better.
    expect(later.auth.getSnapshot()).toMatchObject({
      status: 'signed-out',
      error: { code: 'refresh_response_lost' },
    })
  })
})
