/** One atomic key-value store. Storage is the truth of a session; every rule about tabs rests on `update`. */
export interface StoragePort {
  /** What it is: told in events. */
  readonly kind: 'indexeddb' | 'session-storage' | 'memory' | 'custom'
  /** The stored value, `undefined` where there is none. */
  readonly read: (key: string) => Promise<unknown>
  /**
   * Reads, decides and writes in one atomic step: no other tab writes in between.
   *
   * @param change is given the stored value and returns the next one, or `undefined` to leave things as they are.
   *   It may run again after a failure, so it must not have effects it cannot repeat.
   * @returns whether a value was written
   */
  readonly update: (key: string, change: (stored: unknown) => unknown) => Promise<boolean>
  /** Closes connections. Later calls may open them again. */
  readonly close: () => void
}
