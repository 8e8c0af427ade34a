const LONGEST_WAIT_MS = 60_000
const FIRST_BACKOFF_MS = 500
const LONGEST_BACKOFF_MS = 8_000

/**
 * When a request may be sent again. `refused`: only if the server is known to have refused it, since it creates
 * something or spends a code or token. `never`: as `refused`, and left to the caller.
 */
export type Replay = 'refused' | 'never'

/** Whether an answer means "not now" rather than "no". `x-should-retry` has the last word. */
export function isRetryable(status: number, headers: Headers): boolean {
  return /^(408|409|429|5..) (?!false$)| true$/.test(`${status} ${headers.get('x-should-retry')}`)
}

/**
 * The wait that the server asks for, in milliseconds; `undefined` if it does not say.
 *
 * @param status - Telnyx sends the reset of a rate limit with any response; only a 429 means it
 */
export function retryAfterMs(headers: Headers, now: number, status?: number): number | undefined {
  const number = (name: string) => parseFloat(`${headers.get(name)}`)
  return [
    number('retry-after-ms'),
    number('retry-after') * 1000,
    Math.max(Date.parse(`${headers.get('retry-after')}`) - now, 0),
    status === 429 ? number('x-ratelimit-reset') * 1000 : NaN,
    status === 429 ? number('ratelimit-reset') * 1000 : NaN,
  ].find((ms) => ms >= 0 && ms < Infinity)
}

/**
 * How long to wait before the next attempt, in milliseconds: what the server asks for, at most 60 s,
 * else 0.5 s doubled with every attempt up to 8 s, less up to a quarter as jitter.
 *
 * @param attempt - attempts made before the one that failed, from 0
 * @param random - in [0, 1)
 */
export function retryDelayMs(attempt: number, headers: Headers, now: number, random: number): number {
  const backoffMs = Math.min(FIRST_BACKOFF_MS * 2 ** attempt, LONGEST_BACKOFF_MS) * (1 - random / 4)
  return Math.min(retryAfterMs(headers, now) ?? backoffMs, LONGEST_WAIT_MS)
}
