const name = 'telnyx-oauth-2'

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

/** What core's database holds, by key. */
export async function databaseRecords(): Promise<Map<string, unknown>> {
  const database = await settled(indexedDB.open(name))
  const records = database.transaction('records').objectStore('records')
  const [keys, values] = await Promise.all([settled(records.getAllKeys()), settled(records.getAll())])
  database.close()
  return new Map(keys.map((key, n) => [String(key), values[n]]))
}
