/** Exclusion among the tabs of one browser. */
export interface LockPort {
  /**
   * Runs `work` while this tab alone holds `name`, and holds it until `work` settles. A page that the browser freezes
   * or puts aside gives up its place in the queue, and takes a new one when it goes on.
   *
   * @param timeoutMs after waiting that long, `work` runs without the lock
   * @param work receives whether the lock is held: not after a time-out, nor where Web Locks are missing
   */
  readonly run: (name: string, timeoutMs: number, work: (isHeld: boolean) => Promise<void>) => Promise<void>
  /** The names of the locks that any tab holds; none where Web Locks are missing. */
  readonly names: () => Promise<readonly string[]>
}

/** The events after which a page stands still, and those with which it goes on. */
const pauses = [
  [() => globalThis.document, 'freeze', 'resume'],
  [() => globalThis, 'pagehide', 'pageshow'],
] as const

/** Calls `onPause` before the page stands still; `resumed` then waits until it goes on. */
function watchPauses(onPause: () => void): {
  readonly resumed: () => Promise<void>
  readonly stop: () => void
} {
  const listening = new AbortController()
  const { signal } = listening
  let resumed = Promise.resolve()
  for (const [targetOf, pause, resume] of pauses) {
    const target: Partial<EventTarget> | undefined = targetOf()
    const pauseNow = () => {
      resumed = new Promise((resolve) => {
        target?.addEventListener?.(resume, () => resolve(), { once: true, signal })
      })
      onPause()
    }
    target?.addEventListener?.(pause, pauseNow, { signal })
  }
  return { resumed: () => resumed, stop: () => listening.abort() }
}

/**
 * Web Locks; without them every `work` runs at once and is told so. Chromium grants a lock to a frozen page, which would
 * block every other tab: so none waits for one while it stands still.
 */
export function webLock(): LockPort {
  const locks = () => globalThis.navigator?.locks
  return {
    names: async () => ((await locks()?.query())?.held ?? []).map(({ name }) => String(name)),
    run: async (name, timeoutMs, work) => {
      const manager = locks()
      if (!manager) return work(false)
      for (;;) {
        const waiting = new AbortController()
        let isGranted = false
        let isPaused = false
        const pauses = watchPauses(() => {
          isPaused = true
          waiting.abort()
        })
        const timer = setTimeout(() => waiting.abort(), timeoutMs)
        const stop = () => {
          clearTimeout(timer)
          pauses.stop()
        }
        try {
          return await manager.request(name, { signal: waiting.signal }, () => {
            isGranted = true
            stop()
            return work(true)
          })
        } catch (error) {
          if (isGranted) throw error
          if (!isPaused) return await work(false)
          await pauses.resumed()
        } finally {
          stop()
        }
      }
    },
  }
}
