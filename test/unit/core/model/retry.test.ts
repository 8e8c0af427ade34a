import { describe, expect, test } from 'vitest'
import type { RefreshFailures } from '../../../../packages/core/src/model/record.ts'
import { afterFailure, type Failure, isRejectedForGood } from '../../../../packages/core/src/model/retry.ts'
import { retryAfterMs } from '../../../../packages/core/src/model/retry-after.ts'
import { fc } from '../../../support/fast-check.ts'

const now = Date.UTC(2026, 10, 1)
const passing: Failure = { code: 'server_unavailable', retryable: true, retryAfterMs: undefined }
const rejected: Failure = { ...passing, code: 'refresh_rejected' }

/** The failures after each of `count` equal ones, `everyMs` apart. */
function failures(failure: Failure, count: number, everyMs: number, random = 0): RefreshFailures[] {
  const seen: RefreshFailures[] = []
  for (let n = 0; n < count; n++) seen.push(afterFailure(seen.at(-1), failure, now + n * everyMs, random))
  return seen
}

describe('afterFailure', () => {
  test('each failure of a refresh token doubles the wait, from a second to a minute', () => {
    const waits = failures(passing, 9, 0).map(({ retryAtMs }) => retryAtMs - now)
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000])
  })

  test('jitter makes a wait longer, by less than its length', () => {
    expect(afterFailure(undefined, passing, now, 0.5).retryAtMs).toBe(now + 1500)
  })

  test.each([
    ['longer than the wait is obeyed', 90_000, 90_000],
    ['of zero does not shorten the wait', 0, 1000],
    ['of weeks is cut to ten minutes', 1e12, 600_000],
  ])('Retry-After %s', (_title, retryAfterMs, waitMs) => {
    expect(afterFailure(undefined, { ...passing, retryAfterMs }, now, 0).retryAtMs).toBe(now + waitMs)
  })

  test('a failure that cannot pass by itself is tried again after a minute', () => {
    const failure: Failure = { code: 'request_rejected', retryable: false, retryAfterMs: undefined }
    expect(afterFailure(undefined, failure, now, 0).retryAtMs).toBe(now + 60_000)
  })
})

describe('isRejectedForGood', () => {
  test.each([
    ['three refusals over a minute', failures(rejected, 3, 30_000), true, 60_000],
    ['three refusals within a minute', failures(rejected, 3, 29_000), false, 58_000],
    ['two refusals over two minutes', failures(rejected, 2, 120_000), false, 120_000],
    ['three failures of another kind', failures(passing, 3, 30_000), false, 60_000],
  ])('after %s', (_title, seen, isDead, afterMs) => {
    expect(isRejectedForGood(seen.at(-1) as RefreshFailures, now + afterMs)).toBe(isDead)
  })
})

describe('Retry-After', () => {
  test.each([
    ['120', 120_000],
    ['0', 0],
    [new Date(now + 5000).toUTCString(), 5000],
    [new Date(now - 5000).toUTCString(), 0],
    ['soon', undefined],
    ['-1', undefined],
    ['1e400', undefined],
    ['on the 5th of May', undefined],
    ['86400', 600_000],
    ['9'.repeat(400), 600_000],
    [new Date(now + 86_400_000).toUTCString(), 600_000],
    ['', undefined],
    [null, undefined],
  ])('%j is %j milliseconds', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected)
  })

  test('is never a negative wait, nor one of more than ten minutes, whatever the header', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.integer().map(String), fc.double().map(String)), (header) => {
        const waitMs = retryAfterMs(header, now) ?? 0
        expect(waitMs >= 0 && waitMs <= 600_000).toBe(true)
      }),
    )
  })
})
