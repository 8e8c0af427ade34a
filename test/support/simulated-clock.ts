import type { ClockPort } from '../../packages/core/src/ports/clock.ts'

/** A clock that stands still until it is told to go on. */
export interface SimulatedClock extends ClockPort {
  /** Lets time pass; timers that become due run in their order, and everything they start runs too. */
  readonly advance: (ms: number) => Promise<void>
  /** Sets the wall clock forward or back; timers do not notice. */
  readonly jump: (ms: number) => void
  /** Delays of the timers that are set, in milliseconds from now. */
  readonly timers: () => readonly number[]
}

/** The next turn of the event loop, in Node and in a page. */
const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    if (typeof setImmediate === 'function') return void setImmediate(resolve)
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })

/** Lets everything that can go on without time go on: promises, and modules being loaded. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await nextTurn()
}

/** @param start wall-clock time to begin at, in milliseconds since 1970 */
export function createSimulatedClock(start: number = Date.UTC(2026, 10, 1)): SimulatedClock {
  let elapsed = 0
  let offset = start
  let timers: { readonly at: number; readonly run: () => void }[] = []
  return {
    now: () => offset + elapsed,
    elapsedMs: () => elapsed,
    random: () => 0.5,
    setTimer: (delayMs, run) => {
      const timer = { at: elapsed + delayMs, run }
      const cancel = () => {
        timers = timers.filter((other) => other !== timer)
      }
      timers.push(timer)
      // No time has to pass for this one.
      if (delayMs === 0) {
        void nextTurn().then(() => {
          if (!timers.includes(timer)) return
          cancel()
          run()
        })
      }
      return cancel
    },
    advance: async (ms) => {
      const end = elapsed + ms
      await settle()
      for (;;) {
        const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
        if (!next) break
        timers = timers.filter((timer) => timer !== next)
        elapsed = Math.max(elapsed, next.at)
        next.run()
        await settle()
      }
      elapsed = end
      await settle()
    },
    jump: (ms) => {
      offset += ms
    },
    timers: () => timers.map(({ at }) => at - elapsed),
  }
}
