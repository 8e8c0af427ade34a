import { describe, expect, test } from 'vitest'
import { decideLease } from '../../../../packages/core/src/model/lease.ts'
import { type LiveRecord, tombstone } from '../../../../packages/core/src/model/record.ts'

const recordOf = (part: Partial<LiveRecord> = {}): LiveRecord => ({
  v: 1,
  generation: 3,
  sessionId: 'mine',
  issuer: 'https://api.telnyx.com',
  token: { accessToken: 'a', expiresAtMs: 1, scopes: [] },
  receivedAtMs: 0,
  signedInAtMs: 0,
  activeAtMs: 0,
  refreshToken: 'r',
  ...part,
})

const session = recordOf()
const leased = (attemptId: string, locked: boolean) => recordOf({ lease: { attemptId, locked } })

describe('decideLease', () => {
  test.each([
    ['the same generation, free', recordOf(), 'acquire'],
    ['the same generation, leased by another tab', leased('other', true), 'wait'],
    ['the same generation, leased without a lock', leased('other', false), 'wait'],
    ['the same generation, leased by the abandoned attempt', leased('gone', true), 'acquire'],
    ['a newer generation', recordOf({ generation: 4 }), 'adopt'],
    ['another session', recordOf({ sessionId: 'other' }), 'adopt'],
    ['the end of the session', tombstone(recordOf(), 'mine', ''), 'adopt'],
    ['nothing', undefined, 'adopt'],
    ['garbage', 'text', 'adopt'],
    ['a record of a newer version', { v: 2 }, 'adopt'],
  ])('a tab with generation 3 sees %s: %s', (_title, stored, decision) => {
    expect(decideLease(stored, session, false, 'gone')).toBe(decision)
  })

  test('a tab with the Web Lock acquires the lease of an owner that had it and is gone', () => {
    expect(decideLease(leased('other', true), session, true, undefined)).toBe('acquire')
  })

  test('a tab with the Web Lock waits for an owner that had none', () => {
    expect(decideLease(leased('other', false), session, true, undefined)).toBe('wait')
  })
})
