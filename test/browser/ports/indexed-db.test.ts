import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { indexedDbStorage } from '../../../packages/core/src/ports/indexed-db.ts'
import type { StoragePort } from '../../../packages/core/src/ports/storage.ts'
import { testStorage } from '../../port-contracts/storage.ts'
import { createDeferred } from '../../support/deferred.ts'

const name = 'telnyx-oauth-2'
const opened: StoragePort[] = []

function open(onDeleted: () => void = () => {}): StoragePort {
  const storage = indexedDbStorage(onDeleted)
  opened.push(storage)
  return storage
}

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

/** Deletes the database as another tab or the person does. @returns whether that had to wait for anybody */
function deleteDatabase(): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let wasBlocked = false
    const request = indexedDB.deleteDatabase(name)
    request.onblocked = () => {
      wasBlocked = true
    }
    request.onsuccess = () => resolve(wasBlocked)
    request.onerror = () => reject(request.error)
  })
}

/** Another tab that writes and does not come to an end: nobody else gets at the records. @returns let them go */
async function occupy(): Promise<() => Promise<void>> {
  const database = await settled(indexedDB.open(name))
  database.onversionchange = () => database.close()
  const transaction = database.transaction('records', 'readwrite')
  const ended = createDeferred()
  transaction.oncomplete = () => ended.resolve()
  let isHeld = true
  const again = () => {
    const request = transaction.objectStore('records').get('busy')
    request.onsuccess = () => isHeld && again()
  }
  again()
  return async () => {
    isHeld = false
    await ended.promise
    database.close()
  }
}

/** What stands in the database, past all of our code. */
async function rawRead(key: string): Promise<unknown> {
  const database = await settled(indexedDB.open(name))
  const value = await settled(database.transaction('records').objectStore('records').get(key))
  database.close()
  return value
}

async function rawWrite(key: string, value: unknown): Promise<void> {
  const database = await settled(indexedDB.open(name))
  const transaction = database.transaction('records', 'readwrite')
  transaction.objectStore('records').put(value, key)
  await new Promise((resolve) => {
    transaction.oncomplete = resolve
  })
  database.close()
}

const closeAll = () => {
  for (const storage of opened.splice(0)) storage.close()
}

beforeEach(async () => {
  closeAll()
  await deleteDatabase()
})

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  closeAll()
})

describe('IndexedDB', () => {
  testStorage(() => [open(), open()])

  test('keeps records for the next page', async () => {
    const first = open()
    await first.update('key', () => ({ v: 1 }))
    first.close()
    expect(await open().read('key')).toEqual({ v: 1 })
  })

  test('is one database, whose name carries the version of the schema', async () => {
    await open().read('key')
    expect((await indexedDB.databases()).map((database) => database.name)).toContain(name)
  })

  test('gives garbage back as it is', async () => {
    const storage = open()
    await storage.read('key')
    for (const garbage of ['text', 7, null, new Date(0), [undefined], new Map([[1, 2]])]) {
      await rawWrite('key', garbage)
      expect(await storage.read('key')).toEqual(garbage)
    }
  })

  test('is not opened before it is needed', async () => {
    const calls = vi.spyOn(indexedDB, 'open')
    const storage = open()
    storage.close()
    expect(calls).not.toHaveBeenCalled()
  })
})

describe('a database that is deleted while it is open', () => {
  test('does not keep whoever deletes it waiting, and this is reported', async () => {
    const deleted = createDeferred()
    const storage = open(() => deleted.resolve())
    await storage.update('key', () => 'there')
    expect(await deleteDatabase()).toBe(false)
    await deleted.promise
  })

  test('is empty afterwards, and can be written again', async () => {
    const [storage, other] = [open(), open()]
    await storage.update('key', () => 'there')
    await other.read('key')
    expect(await deleteDatabase()).toBe(false)
    expect(await storage.read('key')).toBeUndefined()
    expect(await other.update('key', () => 'again')).toBe(true)
    expect(await storage.read('key')).toBe('again')
  })

  test('is reported again when it is deleted again', async () => {
    let reports = 0
    const storage = open(() => {
      reports += 1
    })
    for (const count of [1, 2]) {
      await storage.read('key')
      await deleteDatabase()
      expect(reports).toBe(count)
    }
  })
})

describe('a connection', () => {
  /** Databases that this page opens from now on, to close them as browsers do. */
  function watchConnections(): IDBDatabase[] {
    const databases: IDBDatabase[] = []
    const real = indexedDB.open.bind(indexedDB)
    vi.spyOn(indexedDB, 'open').mockImplementation((...given) => {
      const request = real(...given)
      request.addEventListener('success', () => databases.push(request.result))
      return request
    })
    return databases
  }

  test('that the browser closed is opened once more, for reads and writes', async () => {
    const databases = watchConnections()
    const storage = open()
    await storage.update('key', () => 'there')
    databases.at(-1)?.close()
    expect(await storage.read('key')).toBe('there')
    databases.at(-1)?.close()
    expect(await storage.update('key', () => 'again')).toBe(true)
    expect(databases).toHaveLength(3)
  })

  test('that is lost under several operations at once is opened once for all of them', async () => {
    const databases = watchConnections()
    const storage = open()
    await storage.update('key', () => 'there')
    databases.at(-1)?.close()
    const reads = Array.from({ length: 5 }, () => storage.read('key'))
    expect(await Promise.all(reads)).toEqual(Array(5).fill('there'))
    expect(databases).toHaveLength(2)
  })

  test('that cannot be opened is tried twice, then the operation rejects', async () => {
    const calls = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('blocked', 'SecurityError')
    })
    await expect(open().read('key')).rejects.toMatchObject({ name: 'SecurityError' })
    expect(calls).toHaveBeenCalledTimes(2)
  })
})

describe('a database that does not answer', () => {
  const hangMs = 3000

  test('is given up after three seconds, tried once more, then the operation rejects', async () => {
    const storage = open()
    await storage.update('key', () => 'there')
    const letGo = await occupy()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const outcome = storage.read('key').then(
      () => 'answered',
      (error: unknown) => String(error),
    )
    await vi.advanceTimersByTimeAsync(hangMs)
    await vi.advanceTimersByTimeAsync(hangMs)
    expect(await outcome).toBe('Error: IndexedDB does not answer')
    vi.useRealTimers()
    await letGo()
    expect(await storage.read('key')).toBe('there')
  })

  test('gets no write that was given up, not even when it wakes up', async () => {
    const storage = open()
    await storage.update('key', () => 'before')
    const letGo = await occupy()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const outcome = storage
      .update('key', () => 'too late')
      .then(
        () => 'written',
        () => 'given up',
      )
    await vi.advanceTimersByTimeAsync(hangMs)
    await vi.advanceTimersByTimeAsync(hangMs)
    expect(await outcome).toBe('given up')
    vi.useRealTimers()
    await letGo()
    // Queued behind whatever was left of the write.
    await storage.update('other', () => 'done')
    expect(await rawRead('key')).toBe('before')
  })

  test('that answers the second time loses nothing', async () => {
    const storage = open()
    await storage.update('key', () => 'before')
    const letGo = await occupy()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const written = storage.update('key', (stored) => `${stored} and after`)
    await vi.advanceTimersByTimeAsync(hangMs)
    vi.useRealTimers()
    await letGo()
    expect(await written).toBe(true)
    expect(await rawRead('key')).toBe('before and after')
  })
})
