import { describe, expect, it } from 'vitest'
import { isRetryable, retryAfterMs, retryDelayMs } from '../../../packages/api/src/retry.ts'
import { fc } from '../../support/fast-check.ts'

const NOW = Date.parse('2026-11-22T12:00:00Z')
const SILENT = new Headers()
const headers = (entries: Record<string, string>): Headers => new Headers(entries)

describe('isRetryable', () => {
  it.each([408, 409, 429, 500, 502, 503, 504, 599])('%i means not now', (status) => {
    expect(isRetryable(status, SILENT)).toBe(true)
  })

  it.each([0, 200, 204, 302, 400, 401, 403, 404, 410, 422])('%i means no', (status) => {
    expect(isRetryable(status, SILENT)).toBe(false)
  })

  it('x-should-retry: false forbids what the status allows', () => {
    expect(isRetryable(503, headers({ 'x-should-retry': 'false' }))).toBe(false)
  })

  it('x-should-retry: true allows what the status forbids', () => {
    expect(isRetryable(400, headers({ 'x-should-retry': 'true' }))).toBe(true)
  })

  it('any other x-should-retry says nothing', () => {
    for (const word of ['', 'maybe', 'falsey', 'untrue']) {
      expect(isRetryable(503, headers({ 'x-should-retry': word }))).toBe(true)
      expect(isRetryable(400, headers({ 'x-should-retry': word }))).toBe(false)
    }
  })
})

describe('retryAfterMs', () => {
  it.each([
    ['seconds', { 'retry-after': '7' }, 7_000],
    ['a fraction of a second', { 'retry-after': '0.25' }, 250],
    ['an HTTP date', { 'retry-after': 'Sun, 22 Nov 2026 12:00:09 GMT' }, 9_000],
    ['a date that has passed', { 'retry-after': 'Sun, 22 Nov 2026 11:00:00 GMT' }, 0],
    ['milliseconds', { 'retry-after-ms': '1500' }, 1_500],
    ['milliseconds before seconds', { 'retry-after-ms': '1500', 'retry-after': '7' }, 1_500],
    ['seconds after unreadable milliseconds', { 'retry-after-ms': 'soon', 'retry-after': '7' }, 7_000],
    ['now', { 'retry-after': '0' }, 0],
    ['nothing readable', { 'retry-after': 'later' }, undefined],
    ['no number of seconds that is infinite', { 'retry-after': '1e400' }, undefined],
    ['no number of milliseconds that is infinite', { 'retry-after-ms': 'Infinity' }, undefined],
    ['seconds after infinite milliseconds', { 'retry-after-ms': '1e400', 'retry-after': '7' }, 7_000],
  ])('reads %s', (_title, entries, ms) => {
    expect(retryAfterMs(headers(entries), NOW)).toBe(ms)
  })

  it('is undefined when the server does not say', () => {
    expect(retryAfterMs(SILENT, NOW)).toBeUndefined()
  })
})

describe('retryDelayMs', () => {
  it('doubles from half a second up to eight', () => {
    const delays = [0, 1, 2, 3, 4, 5, 20].map((attempt) => retryDelayMs(attempt, SILENT, NOW, 0))
    expect(delays).toEqual([500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000])
  })

  it('takes off up to a quarter at random', () => {
    expect(retryDelayMs(0, SILENT, NOW, 0.5)).toBe(437.5)
    expect(retryDelayMs(4, SILENT, NOW, 1)).toBe(6_000)
  })

  it('is what the server asks for, without jitter', () => {
    expect(retryDelayMs(3, headers({ 'retry-after': '11' }), NOW, 0.9)).toBe(11_000)
  })

  it('waits at most 60 s, whatever the server asks for', () => {
    expect(retryDelayMs(0, headers({ 'retry-after': '3600' }), NOW, 0)).toBe(60_000)
    expect(retryDelayMs(0, headers({ 'retry-after-ms': '1e300' }), NOW, 0)).toBe(60_000)
    expect(retryDelayMs(0, headers({ 'retry-after': 'Mon, 22 Nov 2027 12:00:00 GMT' }), NOW, 0)).toBe(60_000)
  })

  it('is a time between none and 60 s for any headers', () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary-ascii' }).map((text) => text.replace(/[^ -~]/g, '')),
      fc.double().map(String),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
    )
    fc.assert(
      fc.property(
        fc.nat(60),
        value,
        value,
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        (attempt, ms, after, random) => {
          const delayMs = retryDelayMs(
            attempt,
            headers({ 'retry-after-ms': ms, 'retry-after': after }),
            NOW,
            random,
          )
          expect(delayMs).toBeGreaterThanOrEqual(0)
          expect(delayMs).toBeLessThanOrEqual(60_000)
        },
      ),
    )
  })
})
