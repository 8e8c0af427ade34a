import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { sessionStorageStorage } from '../../../packages/core/src/ports/session-storage.ts'
import type { StoragePort } from '../../../packages/core/src/ports/storage.ts'
import { testStorage } from '../../support/port-contracts/storage.ts'

const prefix = 'telnyx-oauth-1 '

beforeEach(() => sessionStorage.clear())

afterEach(() => {
  vi.restoreAllMocks()
  sessionStorage.clear()
})

describe('sessionStorage', () => {
  // One tab has one instance: a second one would be taken for a copy of the tab.
  testStorage(() => {
    sessionStorage.clear()
    const storage = sessionStorageStorage()
    return [storage, storage]
  })

  test('keeps what a reload brings back', async () => {
    const storage: StoragePort = sessionStorageStorage()
    await storage.update('key', () => ({ v: 1 }))
    expect(JSON.parse(sessionStorage.getItem(`${prefix}key`) ?? '')).toEqual({ v: 1 })
  })

  test('gives garbage back as it is', async () => {
    sessionStorage.setItem(`${prefix}key`, '{"v":')
    expect(await sessionStorageStorage().read('key')).toBe('{"v":')
  })

  test('rejects when it is full, and keeps what was there', async () => {
    const storage = sessionStorageStorage()
    await storage.update('key', () => 'there')
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    await expect(storage.update('key', () => 'more')).rejects.toMatchObject({ name: 'QuotaExceededError' })
    expect(await storage.read('key')).toBe('there')
  })

  test('of a tab that window.open copied keeps the token and drops the refresh token', async () => {
    const original = sessionStorageStorage()
    await original.update('key', () => ({ v: 1, token: { accessToken: 'a' }, refreshToken: 'r' }))
    // The copy finds the instance of the original, whose lock is held.
    const copy = sessionStorageStorage()
    expect(await copy.read('key')).toEqual({ v: 1, token: { accessToken: 'a' } })
  })
})
