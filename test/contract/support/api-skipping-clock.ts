/** Timers that nobody waits for, and a log of how long they would have been. */
export interface SkippingClock {
  /** How long a back-off was to last, in milliseconds, in order. */
  readonly waitsMs: readonly number[]
  restore(): void
}

const CLIENTS = /[\\/](packages[\\/]api[\\/]src|node_modules[\\/]telnyx)[\\/]/

/**
 * Takes timers and jitter away from the two clients, and from nobody else: the HTTP stack keeps its own. A timer of
 * `deadlineMs` is a deadline: it fires when `isDue` says so for the n-th of them. Any other is a back-off and fires at once.
 */
export function installSkippingClock(
  deadlineMs: number,
  isDue: (nth: number) => Promise<unknown>,
): SkippingClock {
  const { setTimeout, clearTimeout } = globalThis
  const { random } = Math
  const waitsMs: number[] = []
  const cancelled = new Set<unknown>()
  let deadlines = 0

  function skippingSetTimeout(...call: Parameters<typeof setTimeout>): unknown {
    const [callback, ms = 0] = call
    if (!CLIENTS.test(callerOf(skippingSetTimeout))) return setTimeout(...call)
    const timer = {}
    const fire = (): void => {
      if (!cancelled.has(timer)) callback()
    }
    if (ms === deadlineMs) {
      deadlines += 1
      void isDue(deadlines).then(fire)
    } else {
      waitsMs.push(ms)
      setImmediate(fire)
    }
    return timer
  }
  Math.random = () => 0
  Object.assign(globalThis, {
    setTimeout: skippingSetTimeout,
    clearTimeout: (timer: Parameters<typeof clearTimeout>[0]) => {
      cancelled.add(timer)
      clearTimeout(timer)
    },
  })

  return {
    waitsMs,
    restore() {
      Math.random = random
      Object.assign(globalThis, { setTimeout, clearTimeout })
    },
  }
}

/** The stack frame that called a function. */
function callerOf(callee: (...call: never) => unknown): string {
  const here: { stack?: string } = {}
  Error.captureStackTrace(here, callee)
  return here.stack?.split('\n')[1] ?? ''
}
