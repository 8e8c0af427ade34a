import type { Page } from 'playwright'

const DATABASE = 'telnyx-oauth-1'

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
export function storedKeys(page: Page): Promise<readonly string[]> {
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
      return await new Promise<string[]>((resolve, reject) => {
        const request = database.transaction('records').objectStore('records').getAllKeys()
        request.onsuccess = () => resolve(request.result.map(String))
        request.onerror = () => reject(request.error)
      })
    } finally {
      database.close()
    }
  }, DATABASE)
}
