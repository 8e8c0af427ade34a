import type { ClockPort } from '../../ports/clock.ts'

/** The work took longer than the caller waits. Internal: flows turn it into an error of the closed list. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError'
}

/** Waits for `work`, at most `timeoutMs`. The work itself goes on. @throws {TimeoutError} it took longer */
export async function withTimeout<T>(clock: ClockPort, work: Promise<T>, timeoutMs: number): Promise<T> {
  let stop = () => {}
  const end = new Promise<never>((_, reject) => {
    stop = clock.setTimer(timeoutMs, () => reject(new TimeoutError()))
  })
  return Promise.race([work, end]).finally(stop)
}

/** Resolves after `delayMs`. */
export const delay = (clock: ClockPort, delayMs: number): Promise<void> =>
  new Promise((resolve) => void clock.setTimer(delayMs, resolve))
