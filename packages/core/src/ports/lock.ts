/** Exclusion among the tabs of one browser. */
export interface LockPort {
  /**
   * Runs `work` while this tab alone holds `name`, and holds it until `work` settles.
   *
   * @param timeoutMs after waiting that long, `work` runs without the lock
   * @param work is told whether the lock is held; it is not where it timed out or where Web Locks are missing
   */
  readonly run: (name: string, timeoutMs: number, work: (held: boolean) => Promise<void>) => Promise<void>
}

/** Web Locks; without them every `work` runs at once and is told so. */
export function webLock(): LockPort {
  return {
    run: async (name, timeoutMs, work) => {
      const locks = globalThis.navigator?.locks
      let granted = false
      if (!locks) return work(false)
      try {
        await locks.request(name, { signal: AbortSignal.timeout(timeoutMs) }, () => {
          granted = true
          return work(true)
        })
      } catch (error) {
        if (granted) throw error
        await work(false)
      }
    },
  }
}
