/** Time and chance. */
export interface ClockPort {
  /** Wall-clock time in milliseconds since 1970: may jump. */
  readonly now: () => number
  /** Milliseconds since some moment: never jumps, may stand still while the machine sleeps. */
  readonly elapsedMs: () => number
  /** Runs `run` once after `delayMs`. @returns cancel */
  readonly setTimer: (delayMs: number, run: () => void) => () => void
  /** A number from 0 to below 1, for jitter only. */
  readonly random: () => number
}

/** The clock of this machine. */
export const systemClock: ClockPort = {
  now: () => Date.now(),
  elapsedMs: () => performance.now(),
  setTimer: (delayMs, run) => {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
  random: () => Math.random(),
}
