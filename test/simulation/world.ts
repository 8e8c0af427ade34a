import { createTimeline, type Timer } from '../support/simulated-clock.ts'
import type { Random } from './random.ts'

/** Whoever runs code: one loaded page. What is pending for a frozen one waits, what is pending for a dead one is gone. */
export interface Actor {
  readonly name: string
  state: 'running' | 'frozen' | 'dead'
  /** Its timers fire once a minute only, as in a tab that was hidden for long. */
  isThrottled: boolean
}

interface Action extends Timer {
  readonly owner: Actor | undefined
  readonly what: string
}

/** Virtual time and everything that is going to happen in it. */
export interface World {
  readonly random: Random
  /** Milliseconds since the schedule began: never jumps. */
  readonly nowMs: () => number
  /** The time that the clock of the browser shows, in milliseconds since 1970. */
  readonly wallMs: () => number
  /** The time that the clock of the server shows: the right one. */
  readonly serverWallMs: () => number
  readonly hasJumped: () => boolean
  readonly jump: (ms: number) => void
  /** Plans an action of `owner`; `undefined` is whoever cannot freeze or die. @returns cancel */
  readonly later: (
    owner: Actor | undefined,
    what: string,
    delayMs: number,
    run: () => void,
    isTimer?: boolean,
  ) => () => void
  /** Runs one of the actions that are due, whichever. @returns whether there was one */
  readonly step: () => boolean
  /** When the next action is due that could run; `Infinity` if there is none. */
  readonly nextDueMs: () => number
  readonly advanceTo: (ms: number) => void
  readonly forget: (owner: Actor) => void
  /** Adds a line to the trace, if somebody wants one. */
  readonly note: (line: string) => void
}

const throttledTimersMs = 60_000

const startMs = Date.UTC(2026, 10, 1)

/**
 * @param aheadMs how far the clock of the browser is ahead
 * @param trace receives a line for everything that happens
 */
export function createWorld(random: Random, aheadMs: number, trace?: string[]): World {
  const timeline = createTimeline<Action>(startMs + aheadMs)
  const { elapsedMs: nowMs, now: wallMs, timers, plan, cancel, nextDueMs, moveTo } = timeline
  let hasJumped = false
  const note = (line: string) => void trace?.push(`${(nowMs() / 1000).toFixed(3).padStart(9)} ${line}`)
  return {
    random,
    note,
    nowMs,
    wallMs,
    serverWallMs: () => startMs + nowMs(),
    hasJumped: () => hasJumped,
    jump: (ms) => {
      timeline.jump(ms)
      hasJumped = true
    },
    later: (owner, what, delayMs, run, isTimer = false) => {
      const plannedMs = nowMs() + Math.max(0, delayMs)
      const dueMs = () => {
        if (owner && owner.state !== 'running') return Infinity
        return isTimer && owner?.isThrottled
          ? Math.ceil(plannedMs / throttledTimersMs) * throttledTimersMs
          : plannedMs
      }
      return plan({ owner, what, dueMs, run })
    },
    step: () => {
      const due = timers().filter(({ dueMs }) => dueMs() <= nowMs())
      if (due.length === 0) return false
      const action = random.pick(due)
      cancel(action)
      note(`${action.owner?.name ?? '-'} ${action.what}`)
      action.run()
      return true
    },
    nextDueMs,
    advanceTo: moveTo,
    forget: (owner) => {
      for (const action of timers().filter((one) => one.owner === owner)) cancel(action)
    },
  }
}
