import type { ClockPort } from '../../packages/core/src/ports/clock.ts'

/** Work of the future. */
export interface Timer {
  /** When it is due by the elapsed time, as far as can be told now; `Infinity` while it cannot run. */
  readonly dueMs: () => number
  readonly run: () => void
}

/** Virtual time and all that is planned in it: nothing happens and no time passes by itself. */
export interface Timeline<T extends Timer> {
  /** Milliseconds since the beginning: never jumps. */
  readonly elapsedMs: () => number
  /** Milliseconds since 1970 by the wall clock. */
  readonly now: () => number
  /** Sets the wall clock forward or back; timers do not notice. */
  readonly jump: (ms: number) => void
  readonly moveTo: (ms: number) => void
  /** @returns cancel */
  readonly plan: (timer: T) => () => void
  readonly timers: () => readonly T[]
  readonly cancel: (timer: T) => void
  readonly nextDueMs: () => number
  /** Moves to when the earliest timer is due, and runs it. @returns whether one is due by `endMs` */
  readonly runNext: (endMs?: number) => boolean
}

/** @param startMs wall-clock time to begin at, in milliseconds since 1970 */
export function createTimeline<T extends Timer = Timer>(
  startMs: number = Date.UTC(2026, 10, 1),
): Timeline<T> {
  let elapsedMs = 0
  let offsetMs = startMs
  const timers: T[] = []
  const cancel = (timer: T) => {
    const index = timers.indexOf(timer)
    if (index >= 0) timers.splice(index, 1)
  }
  const moveTo = (ms: number) => {
    elapsedMs = Math.max(elapsedMs, ms)
  }
  const nextDueMs = () => timers.reduce((next, { dueMs }) => Math.min(next, dueMs()), Infinity)
  return {
    elapsedMs: () => elapsedMs,
    now: () => offsetMs + elapsedMs,
    jump: (ms) => {
      offsetMs += ms
    },
    moveTo,
    plan: (timer) => {
      timers.push(timer)
      return () => cancel(timer)
    },
    timers: () => timers,
    cancel,
    nextDueMs,
    runNext: (endMs = Infinity) => {
      const atMs = nextDueMs()
      const next = atMs <= endMs ? timers.find(({ dueMs }) => dueMs() === atMs) : undefined
      if (!next) return false
      cancel(next)
      moveTo(atMs)
      next.run()
      return true
    },
  }
}

/** A clock that stands still until a test moves it. */
export interface SimulatedClock extends ClockPort, Pick<Timeline<Timer>, 'jump'> {
  /** Lets time pass; timers that become due run in their order, and everything they start runs too. */
  readonly advance: (ms: number) => Promise<void>
  /** Lets time pass until `work` is done: no time while anything happens, then a leap to the next timer. */
  readonly until: <T>(work: Promise<T>) => Promise<T>
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

/** Turns of the event loop after which only time can be missing: the body of a response is read in a few. */
const quietTurns = 6

/** @param startMs wall-clock time to begin at, in milliseconds since 1970 */
export function createSimulatedClock(startMs?: number): SimulatedClock {
  const { now, elapsedMs, jump, moveTo, plan, timers, cancel, runNext } = createTimeline(startMs)
  return {
    now,
    elapsedMs,
    jump,
    random: () => 0.5,
    setTimer: (delayMs, run) => {
      const atMs = elapsedMs() + delayMs
      const timer: Timer = { dueMs: () => atMs, run }
      // No time has to pass for this one.
      if (delayMs === 0) {
        void nextTurn().then(() => {
          if (!timers().includes(timer)) return
          cancel(timer)
          run()
        })
      }
      return plan(timer)
    },
    advance: async (ms) => {
      const endMs = elapsedMs() + ms
      await settle()
      while (runNext(endMs)) await settle()
      moveTo(endMs)
      await settle()
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
        // Without a timer, `work` waits for the machine: a digest, a module.
        if (turn % quietTurns === 0 && !runNext()) return work
      }
    },
    timers: () => timers().map(({ dueMs }) => dueMs() - elapsedMs()),
  }
}
