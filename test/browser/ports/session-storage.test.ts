import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { sessionStorageStorage } from '../../../packages/core/src/ports/session-storage.ts'
import type { StoragePort } from '../../../packages/core/src/ports/storage.ts'
import { testStorage } from '../../port-contracts/storage.ts'

const prefix = 'telnyx-oauth-2 '

beforeEach(() => sessionStorage.clear())

afterEach(() => {
  vi.restoreAllMocks()
  sessionStorage.clear()
})

describe('sessionStorage', () => {
  testStorage(() => {
    sessionStorage.clear()
    return [sessionStorageStorage(), sessionStorageStorage()]
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
})
