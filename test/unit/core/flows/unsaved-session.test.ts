import { describe, expect, test } from 'vitest'
import { memoryStorage } from '../../../../packages/core/src/ports/memory.ts'
import type { StoragePort } from '../../../../packages/core/src/ports/storage.ts'
import { createDeferred } from '../../../support/deferred.ts'
import { createScene, type Scene, sessionKey } from '../../../support/scene.ts'
import { callbackUrl } from '../../../support/sign-in-tab.ts'
import { settle } from '../../../support/simulated-clock.ts'

/** A disk that may keep one answer back: what it says is old by the time it comes. */
function slowDisk({ records }: Scene) {
  const disk = memoryStorage(records)
  let held: { readonly operation: string; readonly until: Promise<void> } | undefined
  const late = async <T>(operation: string, answer: T): Promise<T> => {
    if (held?.operation !== operation) return answer
    const { until } = held
    held = undefined
    await until
    return answer
  }
  const storage: StoragePort = {
    ...disk,
    read: async (key) => late(`read ${key}`, await disk.read(key)),
    update: async (key, change) => late(`update ${key}`, await disk.update(key, change)),
  }
  return {
    storage,
    /** @returns lets the answer come */
    holdNext: (operation: string): (() => void) => {
      const { promise, resolve } = createDeferred()
      held = { operation, until: promise }
      return () => resolve()
    },
  }
}

describe('a sign-in whose session cannot be stored', () => {
  test('stays, when another one was stored while its code was exchanged', async () => {
    const scene = createScene()
    await scene.signIn()
    const tab = scene.open()
    await scene.leave(tab)
    const answer = createDeferred()
    scene.server.script('/v2/oauth/token', (process) => answer.promise.then(process))
    tab.page.navigate(callbackUrl(scene.server, tab.page.href()))
    const late = scene.reload(tab)
    void late.auth.ready()
    await settle()
    const other = await scene.signIn()
    expect(late.auth.getSnapshot()).toEqual({ status: 'pending' })
    late.storage.before((operation, key) => {
      if (operation === 'update' && key === sessionKey) throw new Error('connection lost')
    })
    answer.resolve()
    await settle()
    expect(await late.auth.getAccessToken()).toBe('access-6')
    late.page.wake()
    await settle()
    expect(await late.auth.getAccessToken()).toBe('access-6')
    // The last one wins, in every tab, as soon as it can be stored.
    late.storage.before(undefined)
    await scene.clock.advance(5000)
    expect(await other.auth.getAccessToken()).toBe('access-6')
  })

  test('is not replaced by what an earlier look finds, once a refresh has stored it', async () => {
    const scene = createScene()
    await scene.signIn()
    const { storage, holdNext } = slowDisk(scene)
    let isFull = true
    const full: StoragePort = {
      ...storage,
      update: (key, change) =>
        isFull && key === sessionKey ? Promise.reject(new Error('full')) : storage.update(key, change),
    }
    const tab = await scene.signIn(undefined, { storage: full })
    expect(await tab.auth.getAccessToken()).toBe('access-4')
    const answer = holdNext(`read ${sessionKey}`)
    tab.page.wake()
    await settle()
    isFull = false
    scene.server.script('/v2/oauth/token', () => new Promise(() => {}))
    void tab.auth.refresh()
    await settle()
    expect(scene.record()).toMatchObject({ token: { accessToken: 'access-4' } })
    answer()
    await settle()
    expect(await tab.auth.getAccessToken()).toBe('access-4')
    expect(tab.events.map(({ type }) => type)).not.toContain('session-replaced')
  })
})

describe('a sign-in whose session is stored', () => {
  test('ends with a sign-out elsewhere, even if that is seen before the disk has answered', async () => {
    const scene = createScene()
    const other = await scene.signIn()
    const { storage, holdNext } = slowDisk(scene)
    const tab = scene.open(undefined, undefined, { storage })
    await scene.leave(tab)
    tab.page.navigate(callbackUrl(scene.server, tab.page.href()))
    const back = scene.reload(tab)
    const answer = holdNext(`update ${sessionKey}`)
    void back.auth.ready()
    await settle()
    expect(scene.record()).toMatchObject({ token: { accessToken: 'access-4' } })
    await other.auth.signOut()
    await settle()
    answer()
    await settle()
    expect(scene.record()).toMatchObject({ ended: '' })
    expect(back.auth.getSnapshot()).toEqual({ status: 'signed-out' })
    expect(back.events.map(({ type }) => type)).not.toContain('signed-in')
  })
})
