/** Makes a map that reports each write. */
export function createTrackedMap<Key, Value>(onWrite: () => void): Map<Key, Value> {
  const map = new Map<Key, Value>()
  const { set, delete: remove, clear } = map
  return Object.assign(map, {
    set(key: Key, value: Value) {
      onWrite()
      return set.call(map, key, value)
    },
    delete(key: Key) {
      const existed = remove.call(map, key)
      if (existed) onWrite()
      return existed
    },
    clear() {
      onWrite()
      clear.call(map)
    },
  })
}
