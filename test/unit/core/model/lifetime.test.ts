import { describe, expect, test } from 'vitest'
import { endsAtMs, isNews } from '../../../../packages/core/src/model/lifetime.ts'
import type { LiveRecord } from '../../../../packages/core/src/model/record.ts'

const none = { maxSessionMs: Infinity, idleTimeoutMs: Infinity }

const record: LiveRecord = {
  v: 1,
  generation: 1,
  sessionId: 'e',
  issuer: 'https://api.telnyx.com',
  token: { accessToken: 'a', expiresAtMs: 5000, scopes: [] },
  refreshToken: 'r',
  receivedAtMs: 2000,
  signedInAtMs: 1000,
  activeAtMs: 3000,
}
const { refreshToken: _, ...withoutRefreshToken } = record

describe('a session ends', () => {
  test.each([
    ['never, while it can be renewed and no limit is set', record, none, Infinity],
    ['with its token, where that cannot be renewed', withoutRefreshToken, none, 5000],
    ['so long after the sign-in', record, { ...none, maxSessionMs: 3_600_000 }, 3_601_000],
    ['so long after the last activity', record, { ...none, idleTimeoutMs: 60_000 }, 63_000],
    [
      'at whichever comes first',
      withoutRefreshToken,
      { maxSessionMs: 3_600_000, idleTimeoutMs: 60_000 },
      5000,
    ],
  ])('%s', (_title, session, limits, expected) => {
    expect(endsAtMs(session, limits)).toBe(expected)
  })
})

test('an activity is written ten times per idle time-out at most', () => {
  const limits = { ...none, idleTimeoutMs: 60_000 }
  expect([9000, 9001].map((now) => isNews(record, limits, now))).toEqual([false, true])
  expect(isNews(record, none, 1e15), 'nobody asked for it').toBe(false)
})
