import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { sessionStorageStorage } from '../../../packages/core/src/ports/session-storage.ts'
import { createDeferred } from '../../support/deferred.ts'

const prefix = 'telnyx-oauth-2 '
const key = 'a session'
const record = { token: 'access', refreshToken: 'refresh' }

/** What the page before a reload, or the tab that this one was copied from, has left in sessionStorage. */
function inherit(): string {
  const instance = crypto.randomUUID()
  sessionStorage.setItem(`${prefix}instance`, instance)
  sessionStorage.setItem(prefix + key, JSON.stringify(record))
  return prefix + instance
}

/** Another page of this origin, which holds a lock. @returns when it does: the page, and its end */
async function pageThatHolds(name: string): Promise<{ readonly page: Window; readonly end: () => void }> {
  const frame = document.createElement('iframe')
  document.body.append(frame)
  onTestFinished(() => frame.remove())
  const page = frame.contentWindow
  if (!page) throw new Error('The frame has no page')
  const held = createDeferred<void>()
  page.navigator.locks.request(name, () => {
    held.resolve()
    return new Promise<never>(() => {})
  })
  await held.promise
  return { page, end: () => frame.remove() }
}

/** Resolves when a request for the lock waits. */
async function isAskedFor(name: string): Promise<void> {
  for (;;) {
    const { pending = [] } = await navigator.locks.query()
    if (pending.some((lock) => lock.name === name)) return
  }
}

beforeEach(() => sessionStorage.clear())

test('a page that is reloaded waits until the one before has let go, and keeps the refresh token', async () => {
  const name = inherit()
  const before = await pageThatHolds(name)
  const read = sessionStorageStorage().read(key)
  await isAskedFor(name)
  before.end()
  expect(await read).toEqual(record)
})

test('a page whose original lives drops the refresh token at once, and keeps the rest', async () => {
  const name = inherit()
  const original = await pageThatHolds(name)
  const Channel = (original.page as Window & typeof globalThis).BroadcastChannel
  const channel = new Channel(name)
  channel.onmessage = ({ data }) => data === 'whose' && channel.postMessage('mine')
  const storage = sessionStorageStorage()
  expect(await storage.read(key)).toEqual({ token: 'access' })

  const another = sessionStorageStorage()
  await storage.update('another session', () => record)
  expect(await another.read('another session'), 'what it stores itself is its own').toEqual(record)
})

test('a page whose original is frozen drops the refresh token after three seconds', async () => {
  const name = inherit()
  await pageThatHolds(name)
  expect(await sessionStorageStorage().read(key)).toEqual({ token: 'access' })
})

test('a page that finds its own storage answers copies of it', async () => {
  const name = inherit()
  await sessionStorageStorage().read(key)
  const copy = new BroadcastChannel(name)
  onTestFinished(() => copy.close())
  const answer = createDeferred<unknown>()
  copy.onmessage = ({ data }) => answer.resolve(data)
  copy.postMessage('whose')
  expect(await answer.promise).toBe('mine')
})

test('clients of one page are no copies of each other, whether they start at once or later', async () => {
  inherit()
  const atOnce = [sessionStorageStorage(), sessionStorageStorage(), sessionStorageStorage()]
  const seen = await Promise.all(atOnce.map((storage) => storage.read(key)))
  expect(seen).toEqual([record, record, record])
  expect(await sessionStorageStorage().read(key)).toEqual(record)
})

test('clients of a page that is new store what they like', async () => {
  const [first, second] = [sessionStorageStorage(), sessionStorageStorage()]
  await Promise.all([first.update(key, () => record), second.update('another', () => record)])
  expect([await second.read(key), await first.read('another')]).toEqual([record, record])
})
