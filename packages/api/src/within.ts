/** Runs work for a limited time. Resolves with `undefined` when time is up, rejects with the signal's reason. */
export type Within = <T>(
  ms: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
) => Promise<T | undefined>

/**
 * A {@link Within} that has one listener on each signal, however many calls share it: Node warns of a leak at the
 * eleventh, and `AbortSignal.any` keeps 3 kB of every call there for as long as the signal lives.
 */
export function createWithin(): Within {
  const aborts = new WeakMap<object, Set<() => void>>()
  const onAbort = ({ target }: Event) => {
    for (const abort of aborts.get(target as object) ?? []) abort()
  }

  return async (ms, outer, work) => {
    outer?.throwIfAborted()
    const controller = new AbortController()
    const { signal } = controller
    const abort = () => controller.abort(outer?.reason)
    const waiting = aborts.get(outer as object) ?? new Set()
    if (outer) aborts.set(outer, waiting.add(abort))
    outer?.addEventListener('abort', onAbort)
    // A longer timer fires at once.
    const timer = setTimeout(() => controller.abort(), Math.min(ms, 2e9))
    try {
      return await Promise.race([
        // First, so that work which rejects when it is aborted comes too late.
        new Promise<undefined>((resolve, reject) =>
          signal.addEventListener('abort', () =>
            outer?.aborted ? reject(outer.reason) : resolve(undefined),
          ),
        ),
        work(signal),
      ])
    } finally {
      clearTimeout(timer)
      waiting.delete(abort)
      if (!waiting.size) outer?.removeEventListener('abort', onAbort)
      controller.abort()
    }
  }
}
