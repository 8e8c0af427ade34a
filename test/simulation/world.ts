import type { Random } from './random.ts'

/** Whoever runs code: one loaded page. What is pending for a frozen one waits, what is pending for a dead one is gone. */
export interface Actor {
  readonly name: string
  state: 'running' | 'frozen' | 'dead'
  /** Its timers fire once a minute only, as in a tab that was hidden for long. */
  isThrottled: boolean
}

interface Action {
  readonly owner: Actor | undefined
  readonly what: string
  readonly plannedMs: number
  readonly isTimer: boolean
  readonly run: () => void
}

/** Virtual time and everything that is going to happen in it. */
export interface World {
  readonly random: Random
  /** Milliseconds since the schedule began: never jumps. */
  readonly nowMs: () => number
  /** What the clock on the wall says, in milliseconds since 1970. */
  readonly wallMs: () => number
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

/** When an action can run, as far as one can tell now. */
function dueMs({ owner, plannedMs, isTimer }: Action): number {
  if (owner && owner.state !== 'running') return Infinity
  return isTimer && owner?.isThrottled
    ? Math.ceil(plannedMs / throttledTimersMs) * throttledTimersMs
    : plannedMs
}

/** @param trace receives a line for everything that happens */
export function createWorld(random: Random, trace?: string[]): World {
  let now = 0
  let offset = Date.UTC(2026, 10, 1)
  let hasJumped = false
  let actions: Action[] = []
  const note = (line: string) => void trace?.push(`${(now / 1000).toFixed(3).padStart(9)} ${line}`)
  return {
    random,
    note,
    nowMs: () => now,
    wallMs: () => now + offset,
    hasJumped: () => hasJumped,
    jump: (ms) => {
      offset += ms
      hasJumped = true
    },
    later: (owner, what, delayMs, run, isTimer = false) => {
      const action = { owner, what, plannedMs: now + Math.max(0, delayMs), isTimer, run }
      actions.push(action)
      return () => {
        const index = actions.indexOf(action)
        if (index >= 0) actions.splice(index, 1)
      }
    },
    step: () => {
      const due: number[] = []
      for (let n = 0; n < actions.length; n++) {
        if (dueMs(actions[n] as Action) <= now) due.push(n)
      }
      if (due.length === 0) return false
      const [action] = actions.splice(random.pick(due), 1) as [Action]
      note(`${action.owner?.name ?? '-'} ${action.what}`)
      action.run()
      return true
    },
    nextDueMs: () => {
      let next = Infinity
      for (const action of actions) next = Math.min(next, dueMs(action))
      return next
    },
    advanceTo: (ms) => {
      now = Math.max(now, ms)
    },
    forget: (owner) => {
      actions = actions.filter((action) => action.owner !== owner)
    },
  }
}
