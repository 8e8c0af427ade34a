import { describe, expect, test } from 'vitest'
import type { LiveRecord } from '../../../../packages/core/src/model/record.ts'
import { tokenFrom } from '../../../../packages/core/src/model/token-response.ts'
import { isFresh, renewAtMs, scopesFrom } from '../../../../packages/core/src/model/tokens.ts'

const sentAtMs = 1_000_000
const answer = {
  accessToken: 'a',
  problem: undefined,
  tokenType: undefined,
  expiresInSeconds: 100,
  refreshToken: undefined,
  refreshTokenExpiresInSeconds: undefined,
  scope: undefined,
  claims: undefined,
}

const recordOf = (expiresInSeconds: number): LiveRecord => ({
  v: 1,
  generation: 1,
  sessionId: 'e',
  issuer: 'https://api.telnyx.com',
  token: tokenFrom({ ...answer, expiresInSeconds }, [], sentAtMs),
  receivedAtMs: sentAtMs,
  signedInAtMs: sentAtMs,
  activeAtMs: sentAtMs,
})

describe('a token', () => {
  test('expires at an absolute instant, counted from when the request left', () => {
    expect(tokenFrom(answer, [], sentAtMs).expiresAtMs).toBe(sentAtMs + 100_000)
  })

  test('is taken to live five minutes where the server does not say', () => {
    expect(tokenFrom({ ...answer, expiresInSeconds: undefined }, [], 0).expiresAtMs).toBe(300_000)
  })

  test('that lives for ever still has a date of expiry', () => {
    const { expiresAtMs } = tokenFrom(
      { ...answer, expiresInSeconds: Number.MAX_VALUE },
      [],
      Date.UTC(2026, 0),
    )
    expect(new Date(expiresAtMs).getUTCFullYear()).toBe(2057)
  })

  test('has the scopes that the server names, else those that were asked for', () => {
    expect(tokenFrom({ ...answer, scope: 'b  c' }, ['a'], 0).scopes).toEqual(['b', 'c'])
    expect(tokenFrom(answer, ['a'], 0).scopes).toEqual(['a'])
    expect(tokenFrom({ ...answer, scope: '' }, ['a'], 0).scopes).toEqual([])
  })

  test('is fresh as long as it is valid for the time asked for', () => {
    const record = recordOf(100)
    expect(isFresh(record, sentAtMs + 94_999, 5000)).toBe(true)
    expect(isFresh(record, sentAtMs + 95_000, 5000)).toBe(false)
  })

  test('is never asked to be valid for more than half of its life', () => {
    expect(isFresh(recordOf(4), sentAtMs + 1999, 60_000)).toBe(true)
    expect(isFresh(recordOf(4), sentAtMs + 2000, 60_000)).toBe(false)
  })

  test('is not fresh when the clock was set back to before it was received', () => {
    expect(isFresh(recordOf(100), sentAtMs - 1001, 0)).toBe(false)
    expect(isFresh(recordOf(100), sentAtMs - 500, 0)).toBe(true)
  })

  test('is renewed ahead of its end, but not in the first half of its life', () => {
    expect(renewAtMs(recordOf(1000), 60_000)).toBe(sentAtMs + 940_000)
    expect(renewAtMs(recordOf(100), 60_000)).toBe(sentAtMs + 50_000)
  })

  test.each([0, 1])('that lives %i s is renewed at most once in a second', (expiresInSeconds) => {
    expect(renewAtMs(recordOf(expiresInSeconds), 60_000)).toBeGreaterThanOrEqual(sentAtMs + 1000)
  })
})

describe('scopes', () => {
  test.each([
    ['a b', ['a', 'b']],
    ['  a   b ', ['a', 'b']],
    ['', []],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
    [undefined, []],
  ])('%j are %j', (scope, scopes) => {
    expect(scopesFrom(scope)).toEqual(scopes)
  })
})
