import type { Page } from 'playwright'

const DATABASE = 'telnyx-oauth-2'

/** Deletes the library's database, as another script of the site could. */
export function deleteDatabase(page: Page): Promise<string> {
  return page.evaluate(
    (name) =>
      new Promise<string>((resolve) => {
        const request = indexedDB.deleteDatabase(name)
        request.onsuccess = () => resolve('deleted')
        request.onblocked = () => resolve('blocked')
        request.onerror = () => resolve('failed')
      }),
    DATABASE,
  )
}

/** Clears everything that the site stored, as a person can in the browser's settings. */
export async function clearSiteData(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  const { origin } = new URL(page.url())
  await devtools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' })
}

/** The keys of what the library stores now. */
export async function storedKeys(page: Page): Promise<readonly string[]> {
  return (await storedRecords(page)).map(([key]) => key)
}

/** All that the library stores now, as text. */
export async function storedText(page: Page): Promise<string> {
  return JSON.stringify(await storedRecords(page))
}

function storedRecords(page: Page): Promise<readonly (readonly [string, unknown])[]> {
  return page.evaluate(async (name) => {
    const known = await indexedDB.databases()
    if (!known.some((database) => database.name === name)) return []
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name)
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
    try {
      if (!database.objectStoreNames.contains('records')) return []
      const records = database.transaction('records').objectStore('records')
      const all = <T>(request: IDBRequest<T[]>) =>
        new Promise<T[]>((resolve, reject) => {
          request.onsuccess = () => resolve(request.result)
          request.onerror = () => reject(request.error)
        })
      const [keys, values] = await Promise.all([all(records.getAllKeys()), all(records.getAll())])
      return keys.map((key, at): [string, unknown] => [String(key), values[at]])
    } finally {
      database.close()
    }
  }, DATABASE)
}
