import type { ClockPort } from '../../../packages/core/src/ports/clock.ts'

/** A clock for cases by the ten thousand: time stands still while anything happens, then leaps to the next timer. */
export interface RacingClock extends ClockPort {
  /** Lets time pass until `work` is done. @throws what `work` throws */
  readonly until: <T>(work: Promise<T>) => Promise<T>
}

const nextTurn = () => new Promise<void>((resolve) => void setImmediate(resolve))

/** Turns of the event loop in which nothing but time can be what everybody waits for: bodies are read in a few. */
const quietTurns = 6

export function createRacingClock(startMs: number): RacingClock {
  let elapsedMs = 0
  let timers: { readonly atMs: number; readonly run: () => void }[] = []
  const leap = () => {
    const [next] = timers.toSorted((a, b) => a.atMs - b.atMs)
    if (!next) return false
    timers = timers.filter((timer) => timer !== next)
    elapsedMs = Math.max(elapsedMs, next.atMs)
    next.run()
    return true
  }
  return {
    now: () => startMs + elapsedMs,
    elapsedMs: () => elapsedMs,
    random: () => 0.5,
    setTimer: (delayMs, run) => {
      const timer = { atMs: elapsedMs + delayMs, run }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    until: async (work) => {
      let isDone = false
      const done = () => {
        isDone = true
      }
      work.then(done, done)
      for (let turn = 1; ; turn += 1) {
        await nextTurn()
        if (isDone) return work
        // Without a timer it is the machine that everybody waits for: a digest, a module.
        if (turn % quietTurns === 0 && !leap()) return work
      }
    },
  }
}
