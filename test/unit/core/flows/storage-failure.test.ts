import { describe, expect, test } from 'vitest'
import { diskFull } from '../../../support/controlled-storage.ts'
import { fc } from '../../../support/fast-check.ts'
import { json } from '../../../support/model-server.ts'
import {
  createScene,
  lifetimeMs,
  refreshTokensSent,
  sessionKey,
  transactionsKey,
} from '../../../support/scene.ts'
import { settle } from '../../../support/simulated-clock.ts'

describe('a sign-in whose session cannot be stored', () => {
  /** Signs in, in a tab whose disk is full when the session is to be written. */
  const signInOnFullDisk = async (scene = createScene()) => {
    const tab = scene.open()
    await scene.leave(tab)
    tab.storage.before((operation, key) => {
      if (operation === 'update' && key === sessionKey) tab.storage.failCommits(true)
    })
    const back = await scene.comeBack(tab)
    tab.storage.before(undefined)
    return { scene, tab: back }
  }

  test('is signed in here all the same, and says that the storage failed', async () => {
    const { scene, tab } = await signInOnFullDisk()
    expect(await tab.auth.getAccessToken()).toBe('access-2')
    expect(scene.record()).toBeUndefined()
    expect(tab.events).toContainEqual(
      expect.objectContaining({ type: 'storage-degraded', kind: 'memory', reason: String(diskFull()) }),
    )
  })

  test('keeps the session when the page is looked at again', async () => {
    const { tab } = await signInOnFullDisk()
    tab.page.wake()
    await settle()
    expect(tab.auth.getSnapshot()).toMatchObject({ status: 'signed-in' })
  })

  test('goes on in this tab: it refreshes in memory for as long as the disk is full', async () => {
    const { scene, tab } = await signInOnFullDisk()
    for (const token of ['access-3', 'access-4']) {
      scene.clock.jump(lifetimeMs)
      expect(await tab.auth.getAccessToken()).toBe(token)
    }
    expect(refreshTokensSent(scene)).toEqual(['refresh-2', 'refresh-3'])
    expect(tab.auth.getSnapshot()).toMatchObject({ status: 'signed-in', isStale: false })
    expect(scene.record()).toBeUndefined()
  })

  test('is stored with its next refresh when the disk has room again', async () => {
    const { scene, tab } = await signInOnFullDisk()
    tab.storage.failCommits(false)
    scene.clock.jump(lifetimeMs)
    expect(await tab.auth.getAccessToken()).toBe('access-3')
    expect(scene.record()).toMatchObject({ token: { accessToken: 'access-3' }, refreshToken: 'refresh-3' })
  })

  test('gives way to a sign-out that comes after it, in another tab', async () => {
    const scene = createScene()
    const other = await scene.signIn()
    const { tab } = await signInOnFullDisk(scene)
    expect(await tab.auth.getAccessToken()).toBe('access-4')
    await other.auth.signOut()
    await settle()
    expect(tab.auth.getSnapshot().status).toBe('signed-out')
  })

  test('is not brought back by its refresh after a sign-out that it did not hear of', async () => {
    const { scene, tab } = await signInOnFullDisk()
    tab.storage.failCommits(false)
    const rejection = () => json({ error: 'invalid_client' }, 401)
    scene.server.script('/v2/oauth/token', rejection)
    scene.clock.jump(lifetimeMs)
    await expect(tab.auth.getAccessToken()).rejects.toMatchObject({ code: 'request_rejected' })
    expect(scene.record()).toMatchObject({ sessionId: expect.any(String) })
    scene.patchRecord({ ended: '', generation: 2 })
    await scene.clock.advance(60_000)
    expect(tab.auth.getSnapshot().status).toBe('signed-out')
    expect(scene.record()).toMatchObject({ ended: '' })
  })
})

describe('a storage that fails at start', () => {
  test('is said in the snapshot, and a reload tries again', async () => {
    const scene = createScene()
    await scene.signIn()
    const tab = scene.open()
    tab.storage.before(() => Promise.reject(new Error('connection lost')))
    const { status, error } = await tab.auth.ready()
    expect({ status, code: error?.code, retryable: error?.retryable }).toEqual({
      status: 'signed-out',
      code: 'storage_failed',
      retryable: true,
    })
    tab.storage.before(undefined)
    expect((await scene.reload(tab).auth.ready()).status).toBe('signed-in')
  })

  test('is tried again when the page is shown again', async () => {
    const scene = createScene()
    await scene.signIn()
    const tab = scene.open()
    tab.storage.before(() => Promise.reject(new Error('connection lost')))
    await tab.auth.ready()
    tab.storage.before(undefined)
    tab.page.wake()
    await settle()
    expect(tab.auth.getSnapshot().status).toBe('signed-in')
  })

  test('is storage_failed in a callback too, and the answer stays in the URL for a reload', async () => {
    const scene = createScene()
    const tab = scene.open()
    await scene.leave(tab)
    tab.storage.before(() => Promise.reject(new Error('connection lost')))
    const back = await scene.comeBack(tab)
    expect(back.auth.getSnapshot().error).toMatchObject({ code: 'storage_failed', phase: 'callback' })
    expect(back.page.href()).toContain('?code=')
    tab.storage.before(undefined)
    expect((await scene.reload(back).auth.ready()).status).toBe('signed-in')
  })

  test('is storage_failed when a sign-in cannot be noted; the page stays', async () => {
    const scene = createScene()
    const tab = scene.open()
    await tab.auth.ready()
    tab.storage.before((operation) => (operation === 'update' ? Promise.reject(diskFull()) : undefined))
    await expect(tab.auth.signIn()).rejects.toMatchObject({ code: 'storage_failed', phase: 'sign-in' })
    expect(tab.page.href()).toBe('http://localhost:5173/')
  })
})

describe('a storage that fails while somebody is signed in', () => {
  test('leaves the session and its token as they are', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    tab.storage.before(() => Promise.reject(new Error('connection lost')))
    tab.page.wake()
    await settle()
    expect(await tab.auth.getAccessToken()).toBe('access-2')
    expect(tab.auth.getSnapshot()).toMatchObject({ status: 'signed-in' })
  })

  test('sends nothing, says storage_failed, and heals when it works again', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    tab.storage.before(() => Promise.reject(new Error('connection lost')))
    scene.clock.jump(lifetimeMs)
    const token = tab.auth.getAccessToken()
    token.catch(() => {})
    await scene.clock.advance(2000)
    await expect(token).rejects.toMatchObject({ code: 'storage_failed' })
    expect(scene.server.tokenRequests('refresh_token')).toEqual([])
    tab.storage.before(undefined)
    await scene.clock.advance(5000)
    expect(await tab.auth.getAccessToken()).toBe('access-3')
  })

  test('does not keep anybody from signing out here', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    tab.storage.before(() => Promise.reject(new Error('connection lost')))
    expect(await tab.auth.signOut()).toEqual({ revoked: false, reason: 'not_supported' })
    expect(tab.auth.getSnapshot().status).toBe('signed-out')
    tab.storage.before(undefined)
    tab.page.wake()
    await settle()
    expect(tab.auth.getSnapshot().status).toBe('signed-out')
  })

  test('ends a session without a refresh token at its expiry', async () => {
    const scene = createScene({ withoutRefreshToken: true })
    const tab = await scene.signIn()
    tab.storage.before(() => Promise.reject(new Error('connection lost')))
    scene.clock.jump(lifetimeMs)
    await expect(tab.auth.getAccessToken()).rejects.toMatchObject({ code: 'session_expired' })
    expect(tab.auth.getSnapshot()).toMatchObject({ status: 'signed-out', error: { code: 'session_expired' } })
  })
})

describe('a refresh whose answer cannot be stored', () => {
  /** A tab that has the next token in memory only, beside one that has heard of it. */
  const refreshOnFullDisk = async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    const other = scene.open()
    await other.auth.ready()
    scene.server.script('/v2/oauth/token', (process) => {
      tab.storage.failCommits(true)
      return process()
    })
    await tab.auth.refresh()
    await settle()
    return { scene, tab, other }
  }

  test('serves the new token from memory', async () => {
    const { tab } = await refreshOnFullDisk()
    expect(await tab.auth.getAccessToken()).toBe('access-3')
    expect(tab.events.map(({ type }) => type)).toContain('storage-degraded')
  })

  test('is told to the other tabs by a lock: they serve what they have, then say refresh_pending', async () => {
    const { scene, other } = await refreshOnFullDisk()
    expect(scene.record()).toMatchObject({ generation: 1, lease: { locked: true } })
    expect(await other.auth.getAccessToken()).toBe('access-2')
    scene.clock.jump(lifetimeMs)
    const token = other.auth.getAccessToken()
    token.catch(() => {})
    await scene.clock.advance(10_000)
    await expect(token).rejects.toMatchObject({ code: 'refresh_pending', retryable: true })
    expect(scene.server.tokenRequests('refresh_token')).toHaveLength(1)
  })

  test('stores it when the disk has room, and the other tabs go on', async () => {
    const { scene, tab, other } = await refreshOnFullDisk()
    tab.storage.failCommits(false)
    await scene.clock.advance(5000)
    expect(scene.record()).toMatchObject({ generation: 2, refreshToken: 'refresh-3' })
    expect(scene.record()).not.toHaveProperty('lease')
    await settle()
    expect(await other.auth.getAccessToken()).toBe('access-3')
    expect(scene.server.tokenRequests('refresh_token')).toHaveLength(1)
  })

  test('does not bring back a session that was signed out meanwhile', async () => {
    const { scene, tab, other } = await refreshOnFullDisk()
    await other.auth.signOut()
    tab.storage.failCommits(false)
    await scene.clock.advance(5000)
    expect(scene.record()).toMatchObject({ ended: '' })
    expect(tab.auth.getSnapshot().status).toBe('signed-out')
  })

  test('nobody waits for ever when its owner is gone: the next tab takes over', async () => {
    const { scene, tab, other } = await refreshOnFullDisk()
    scene.clock.jump(lifetimeMs)
    const waiting = other.auth.getAccessToken()
    waiting.catch(() => {})
    await scene.clock.advance(20_000)
    await expect(waiting).rejects.toMatchObject({ code: 'refresh_pending' })
    scene.kill(tab)
    await scene.clock.advance(60_000)
    expect(other.auth.getSnapshot()).toMatchObject({
      status: 'signed-out',
      error: { code: 'refresh_response_lost' },
    })
  })

  test('is not undone by its own next refresh', async () => {
    const { scene, tab } = await refreshOnFullDisk()
    tab.storage.failCommits(false)
    const refreshed = tab.auth.refresh()
    await scene.clock.advance(10_000)
    await refreshed
    expect(scene.record()).toMatchObject({ refreshToken: 'refresh-4', token: { accessToken: 'access-4' } })
    const sent = scene.server
      .tokenRequests('refresh_token')
      .map(({ parameters }) => parameters.get('refresh_token'))
    expect(sent).toEqual(['refresh-2', 'refresh-3'])
  })
})

describe('what stands in the store', () => {
  test('is ended in all tabs with storage_cleared when it vanished, and never written back', async () => {
    const scene = createScene()
    const [tab, other] = [await scene.signIn(), scene.open()]
    await other.auth.ready()
    scene.records.clear()
    for (const { page } of [tab, other]) page.wake()
    await settle()
    for (const { auth } of [tab, other]) {
      expect(auth.getSnapshot()).toMatchObject({ status: 'signed-out', error: { code: 'storage_cleared' } })
    }
    expect(scene.record()).toBeUndefined()
  })

  test('that vanished while a refresh is out is not written back by its answer', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    scene.server.script('/v2/oauth/token', (process) => {
      scene.records.clear()
      return process()
    })
    await tab.auth.refresh().catch(() => {})
    expect(tab.auth.getSnapshot()).toMatchObject({ error: { code: 'storage_cleared' } })
    expect(scene.record()).toBeUndefined()
  })

  test('is nobody signed in, without an error, when the browser has evicted it', async () => {
    const scene = createScene()
    await scene.signIn()
    scene.records.clear()
    expect(await scene.open().auth.ready()).toEqual({ status: 'signed-out' })
  })

  test('is left alone when a newer version wrote it, and the tab asks for a reload', async () => {
    const scene = createScene()
    const newer = { v: 2, anything: 'else' }
    scene.records.set(sessionKey, newer)
    const tab = scene.open()
    expect((await tab.auth.ready()).error).toMatchObject({ code: 'newer_version', retryable: false })
    await tab.auth.signOut()
    expect(scene.record()).toEqual(newer)
  })

  test('ends a session of this version in a tab that is still open when a newer one took over', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    scene.patchRecord({ v: 2 })
    tab.page.wake()
    await settle()
    expect(tab.auth.getSnapshot()).toMatchObject({ status: 'signed-out', error: { code: 'newer_version' } })
    expect(scene.record()).toMatchObject({ v: 2 })
  })

  test.each(['retired_in_version_3', 'constructor'])(
    'ends the session when it was ended for a reason unknown here: %s',
    async (ended) => {
      const scene = createScene()
      const tab = await scene.signIn()
      scene.patchRecord({ generation: 2, ended })
      tab.page.wake()
      await settle()
      expect(tab.auth.getSnapshot()).toMatchObject({
        status: 'signed-out',
        error: { code: 'session_expired' },
      })
    },
  )

  test('is taken for nothing when it is garbage, and replaced by the next sign-in', async () => {
    const scene = createScene()
    for (const garbage of ['text', 7, [], {}, { v: 1 }, { v: 1, generation: 'x', sessionId: 'e' }]) {
      scene.records.set(sessionKey, garbage)
      expect(await scene.open().auth.ready()).toEqual({ status: 'signed-out' })
    }
    const tab = await scene.signIn()
    expect(tab.auth.getSnapshot().status).toBe('signed-in')
  })

  test('never breaks a start-up, a sign-in or a sign-out, whatever it is', async () => {
    const anything = fc.anything({ withDate: true, withMap: true, withSet: true })
    const whole = await createScene()
      .signIn()
      .then(({ auth }) => auth.ready())
    const shaped = fc.record({
      v: fc.constantFrom(1, 2, '1'),
      generation: fc.oneof(fc.nat(), anything),
      sessionId: fc.oneof(fc.string(), anything),
      issuer: anything,
      token: fc.oneof(fc.constant('token' in whole ? structuredClone(whole.token) : {}), anything),
      receivedAtMs: fc.oneof(fc.nat(), anything),
      signedInAtMs: fc.oneof(fc.nat(), anything),
      activeAtMs: fc.oneof(fc.nat(), anything),
      refreshToken: anything,
      ended: fc.oneof(fc.constant(undefined), anything),
      lease: anything,
      failures: anything,
    })
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(anything, shaped),
        anything,
        anything,
        async (record, transactions, metadata) => {
          const scene = createScene()
          scene.records.set(sessionKey, record)
          scene.records.set(transactionsKey, transactions)
          scene.records.set('metadata https://api.telnyx.com', metadata)
          const tab = scene.open()
          const { status } = await tab.auth.ready()
          expect(status).toMatch(/^signed-(in|out)$/)
          const { error } = await scene.open('http://localhost:5173/callback?state=tx1.x&code=1').auth.ready()
          expect(error ? error.code : 'none').toMatch(/^(none|transaction_not_found|newer_version)$/)
          await tab.auth.signOut()
          expect(tab.auth.getSnapshot().status).toBe('signed-out')
          await scene.leave(tab)
          const back = await scene.comeBack(tab)
          const isNewer = back.auth.getSnapshot().error?.code === 'newer_version'
          expect(back.auth.getSnapshot().status).toBe(isNewer ? 'signed-out' : 'signed-in')
        },
      ),
      { numRuns: 150 },
    )
  }, 60_000)
})
