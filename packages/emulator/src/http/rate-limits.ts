import type { RateLimit } from '../options/profiles.ts'
import { answerV2Error } from './errors.ts'
import type { Context } from './http.ts'

/** Where a caller stands in its window. */
export interface Allowance {
  readonly isExceeded: boolean
  readonly remaining: number
  readonly resetSeconds: number
}

export interface RateLimits {
  /** Counts a request of `caller`. */
  count(name: string, caller: string, limit: RateLimit): Allowance
  clear(): void
}

export function createRateLimits(now: () => number): RateLimits {
  const arrivals = new Map<string, readonly number[]>()

  return {
    count(name, caller, limit) {
      const key = `${name} ${caller}`
      const { kept, allowance } = countArrival(arrivals.get(key) ?? [], limit, now())
      arrivals.set(key, kept)
      return allowance
    },
    clear() {
      arrivals.clear()
    },
  }
}

/** Counts one more arrival in a sliding window; refused requests do not count. */
export function countArrival(
  earlier: readonly number[],
  { limit, windowSeconds }: RateLimit,
  nowMs: number,
): { readonly kept: readonly number[]; readonly allowance: Allowance } {
  const windowMs = windowSeconds * 1000
  const recent = earlier.filter((atMs) => atMs > nowMs - windowMs)
  const isExceeded = recent.length >= limit
  const kept = isExceeded ? recent : [...recent, nowMs]
  const resetSeconds = Math.ceil(((kept[0] ?? nowMs) + windowMs - nowMs) / 1000)
  return { kept, allowance: { isExceeded, remaining: limit - kept.length, resetSeconds } }
}

/**
 * Sets both families of rate limit headers, and answers 429 when the limit is exceeded.
 *
 * @returns whether the request was refused
 */
export function refuseAboveLimit(
  ctx: Context,
  limits: RateLimits,
  caller: string,
  limit: RateLimit | undefined,
): boolean {
  if (limit === undefined) return false
  const { isExceeded, remaining, resetSeconds } = limits.count(ctx.state.endpoint, caller, limit)
  const { limit: most, windowSeconds } = limit
  ctx.set({
    'RateLimit-Limit': `${most}, ${most};w=${windowSeconds}`,
    'RateLimit-Remaining': String(remaining),
    'RateLimit-Reset': String(resetSeconds),
    'X-RateLimit-Limit': String(most),
    'X-RateLimit-Remaining': String(remaining),
    'X-RateLimit-Reset': String(resetSeconds),
  })
  if (!isExceeded) return false
  ctx.set('Retry-After', String(resetSeconds))
  answerV2Error(ctx, 429, '10011', { detail: 'You have exceeded the maximum number of allowed requests.' })
  return true
}
