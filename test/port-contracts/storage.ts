import { expect, test } from 'vitest'
import type { StoragePort } from '../../packages/core/src/ports/storage.ts'

/** Two handles on one place, as two tabs have them. Every call makes a place of its own. */
export type CreateStorages = () => readonly [StoragePort, StoragePort]

const values: readonly (readonly [string, unknown])[] = [
  ['a text', 'text'],
  ['a number', 7],
  ['null', null],
  ['a list', [1, 'two', null]],
  ['an object', { v: 1, token: { scopes: ['a'] }, flag: true }],
  ['an empty object', {}],
]

/** What every storage does. Call it inside a `describe`. */
export function testStorage(create: CreateStorages): void {
  test('has nothing under a key that was never written', async () => {
    const [storage] = create()
    expect(await storage.read('unknown')).toBeUndefined()
  })

  test.each(values)('gives %s back as it was written', async (_title, value) => {
    const [storage, other] = create()
    expect(await storage.update('key', () => value)).toBe(true)
    expect(await storage.read('key')).toEqual(value)
    expect(await other.read('key')).toEqual(value)
  })

  test('shows the stored value to whoever changes it', async () => {
    const [storage] = create()
    const seen: unknown[] = []
    const next = (stored: unknown) => {
      seen.push(stored)
      return { count: seen.length }
    }
    await storage.update('key', next)
    await storage.update('key', next)
    expect(seen).toEqual([undefined, { count: 1 }])
  })

  test('leaves the record alone when the change is undefined, and says so', async () => {
    const [storage] = create()
    expect(await storage.update('key', () => undefined)).toBe(false)
    expect(await storage.read('key')).toBeUndefined()
    await storage.update('key', () => 'there')
    expect(await storage.update('key', () => undefined)).toBe(false)
    expect(await storage.read('key')).toBe('there')
  })

  test('leaves the record alone when the change throws, and rejects', async () => {
    const [storage] = create()
    await storage.update('key', () => 'there')
    const broken = () => {
      throw new Error('undecided')
    }
    await expect(storage.update('key', broken)).rejects.toThrow('undecided')
    expect(await storage.read('key')).toBe('there')
  })

  test('keeps values, not references', async () => {
    const [storage] = create()
    const value = { list: ['a'] }
    await storage.update('key', () => value)
    value.list.push('b')
    const read = (await storage.read('key')) as typeof value
    read.list.push('c')
    await storage.update('key', (stored) => {
      ;(stored as typeof value).list.push('d')
      return undefined
    })
    expect(await storage.read('key')).toEqual({ list: ['a'] })
  })

  test('keeps keys apart', async () => {
    const [storage] = create()
    for (const key of ['a', 'a ', 'A', '["a"]']) await storage.update(key, () => key)
    for (const key of ['a', 'a ', 'A', '["a"]']) expect(await storage.read(key)).toBe(key)
  })

  test('lets nobody write between the look and the write of another tab', async () => {
    const [storage, other] = create()
    const increase = (stored: unknown) => ({ count: ((stored as { count?: number })?.count ?? 0) + 1 })
    const writes = Array.from({ length: 50 }, (_, n) => (n % 2 ? storage : other).update('key', increase))
    await Promise.all(writes)
    expect(await storage.read('key')).toEqual({ count: 50 })
  })

  test('works on after it was closed', async () => {
    const [storage, other] = create()
    await storage.update('key', () => 'there')
    storage.close()
    storage.close()
    expect(await storage.read('key')).toBe('there')
    storage.close()
    expect(await storage.update('key', () => 'again')).toBe(true)
    expect(await other.read('key')).toBe('again')
  })
}
