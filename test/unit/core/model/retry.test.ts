import { describe, expect, test } from 'vitest'
import { planRetry } from '../../../../packages/core/src/model/retry.ts'
import { retryAfterMs } from '../../../../packages/core/src/model/retry-after.ts'
import { fc } from '../../../support/fast-check.ts'

const now = Date.UTC(2026, 10, 1)
const passing = { retryable: true, retryAfterMs: undefined }

describe('the plan after a failed token request', () => {
  test('tries three times in one go, each time after a longer pause', () => {
    const pauses = [1, 2, 3].map((attempt) => planRetry(passing, attempt, 0, now, 1).againInMs)
    expect(pauses).toEqual([600, 1200, undefined])
  })

  test('has jitter: between half of a pause and all of it', () => {
    expect(planRetry(passing, 1, 0, now, 0).againInMs).toBe(300)
  })

  test('waits longer after every failed go, up to a minute', () => {
    const waits = [0, 1, 2, 3, 4, 5, 50].map((goes) => planRetry(passing, 3, goes, now, 1).retryAtMs - now)
    expect(waits).toEqual([2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000])
  })

  test('obeys a short Retry-After within the go', () => {
    expect(planRetry({ ...passing, retryAfterMs: 2000 }, 1, 0, now, 0).againInMs).toBe(2000)
  })

  test('ends the go when Retry-After is longer than two seconds, and comes back then', () => {
    const plan = planRetry({ ...passing, retryAfterMs: 90_000 }, 1, 0, now, 0)
    expect(plan).toEqual({ retryAtMs: now + 90_000 })
  })

  test('does not wait for more than ten minutes, whatever the server asks', () => {
    expect(planRetry({ ...passing, retryAfterMs: 1e12 }, 1, 0, now, 0)).toEqual({ retryAtMs: now + 600_000 })
  })

  test('tries what cannot succeed again only after a minute', () => {
    const plan = planRetry({ retryable: false, retryAfterMs: undefined }, 1, 0, now, 0)
    expect(plan).toEqual({ retryAtMs: now + 60_000 })
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
