import { TelnyxAuthError } from '../errors.ts'
import type { ClockPort } from '../ports/clock.ts'

/**
 * Waits for `work`, at most `timeoutMs`, and not after `signal` was aborted. The work itself goes on.
 *
 * @throws {TelnyxAuthError} `refresh_pending`: it took longer
 * @throws the reason of `signal`
 */
export async function within<T>(
  clock: ClockPort,
  work: Promise<T>,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<T> {
  signal?.throwIfAborted()
  let stop = () => {}
  const end = new Promise<never>((_, reject) => {
    const cancel = clock.setTimer(timeoutMs, () => reject(new TelnyxAuthError('refresh_pending')))
    const abort = () => reject(signal?.reason)
    signal?.addEventListener('abort', abort)
    stop = () => {
      cancel()
      signal?.removeEventListener('abort', abort)
    }
  })
  return Promise.race([work, end]).finally(stop)
}

/** Resolves after `delayMs`. */
export const pause = (clock: ClockPort, delayMs: number): Promise<void> =>
  new Promise((resolve) => void clock.setTimer(delayMs, resolve))
