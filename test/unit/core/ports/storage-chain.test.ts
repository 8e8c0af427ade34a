import { describe, expect, test } from 'vitest'
import { lazyStorage } from '../../../../packages/core/src/ports/lazy-storage.ts'
import { memoryStorage } from '../../../../packages/core/src/ports/memory.ts'
import type { StoragePort } from '../../../../packages/core/src/ports/storage.ts'
import { storageChain } from '../../../../packages/core/src/ports/storage-chain.ts'
import { testStorage } from '../../../port-contracts/storage.ts'
import { controlStorage } from '../../../support/controlled-storage.ts'

const blocked = (kind: StoragePort['kind']): StoragePort => ({
  kind,
  read: () => Promise.reject(new Error(`${kind} is blocked`)),
  update: () => Promise.reject(new Error(`${kind} is blocked`)),
  close: () => {},
})

const named = (kind: StoragePort['kind'], records: Map<string, unknown> = new Map()): StoragePort => ({
  ...memoryStorage(records),
  kind,
})

/** A chain, and what it says of its fallbacks. */
function chainOf(...storages: [StoragePort, ...StoragePort[]]) {
  const told: string[] = []
  const chain = storageChain(storages, (kind, reason) => told.push(`${kind} because ${reason}`))
  return { chain, told }
}

describe('a chain of storages', () => {
  testStorage(() => {
    const records = new Map<string, unknown>()
    const create = () => storageChain([memoryStorage(records)], () => {})
    return [create(), create()]
  })

  test('uses the first one that can be read, and says why it is not the one before', async () => {
    const { chain, told } = chainOf(blocked('indexeddb'), blocked('session-storage'), named('memory'))
    expect(await chain.read('key')).toBeUndefined()
    expect(chain.kind).toBe('memory')
    expect(told).toEqual([
      'session-storage because Error: indexeddb is blocked',
      'memory because Error: session-storage is blocked',
    ])
  })

  test('says nothing while the first one works', async () => {
    const { chain, told } = chainOf(named('indexeddb'), named('memory'))
    await chain.read('key')
    expect([chain.kind, told]).toEqual(['indexeddb', []])
  })

  test('goes down one step, however many reads fail at once', async () => {
    const { chain, told } = chainOf(blocked('indexeddb'), named('session-storage'), named('memory'))
    await Promise.all(Array.from({ length: 5 }, () => chain.read('key')))
    expect([chain.kind, told.length]).toEqual(['session-storage', 1])
  })

  test('stays with its choice when that fails later: a session does not change its place', async () => {
    const first = controlStorage(named('indexeddb'))
    const { chain, told } = chainOf(first, named('memory'))
    await chain.read('key')
    first.before(() => Promise.reject(new Error('connection lost')))
    await expect(chain.read('key')).rejects.toThrow('connection lost')
    await expect(chain.update('key', () => 1)).rejects.toThrow('connection lost')
    first.before(undefined)
    expect(await chain.update('key', () => 1)).toBe(true)
    expect([chain.kind, told]).toEqual(['indexeddb', []])
  })

  test('rejects when nothing is left', async () => {
    const { chain } = chainOf(blocked('indexeddb'), blocked('session-storage'))
    await expect(chain.read('key')).rejects.toThrow('session-storage is blocked')
  })
})

describe('a storage whose code is loaded later', () => {
  testStorage(() => {
    const records = new Map<string, unknown>()
    const create = () => lazyStorage('memory', async () => memoryStorage(records))
    return [create(), create()]
  })

  test('loads it once, when it is first needed', async () => {
    let loads = 0
    const storage = lazyStorage('memory', async () => {
      loads += 1
      return memoryStorage()
    })
    expect(loads).toBe(0)
    await Promise.all([storage.read('a'), storage.read('b')])
    expect(loads).toBe(1)
  })

  test('tries again after its code could not be loaded', async () => {
    let isOnline = false
    const storage = lazyStorage('memory', async () => {
      if (!isOnline) throw new TypeError('Failed to fetch dynamically imported module')
      return memoryStorage()
    })
    await expect(storage.read('key')).rejects.toThrow('dynamically imported')
    isOnline = true
    expect(await storage.read('key')).toBeUndefined()
  })
})
