import { describe, expect, test } from 'vitest'
import { decideClaim, ownsLease, withLease, withoutLease } from '../../../../packages/core/src/model/lease.ts'
import { type LiveRecord, tombstone, unstoredAfter } from '../../../../packages/core/src/model/record.ts'

const recordOf = (part: Partial<LiveRecord> = {}): LiveRecord => ({
  v: 1,
  generation: 3,
  epoch: 'mine',
  issuer: 'https://api.telnyx.com',
  token: { accessToken: 'a', expiresAtMs: 1, scopes: [] },
  receivedAtMs: 0,
  signedInAtMs: 0,
  activeAtMs: 0,
  refreshToken: 'r',
  sends: 0,
  ...part,
})

const held = recordOf()
const unstored = recordOf({ generation: unstoredAfter(3) })
const leased = (attemptId: string, locked: boolean) => recordOf({ lease: { attemptId, locked }, sends: 1 })

describe('whoever holds generation 3', () => {
  test.each([
    ['the same, free', recordOf(), 'claim'],
    ['the same, leased by nobody else', leased('me', true), 'claim'],
    ['the same, leased by another tab', leased('they', true), 'wait'],
    ['the same, leased without a lock', leased('they', false), 'wait'],
    ['the same, leased by the attempt that was abandoned', leased('gone', true), 'claim'],
    ['a newer generation', recordOf({ generation: 4 }), 'adopt'],
    [
      'an older generation: the last commit failed',
      recordOf({ generation: 2, lease: { attemptId: 'they', locked: true } }),
      'claim',
    ],
    ['another session', recordOf({ epoch: 'theirs' }), 'adopt'],
    ['the end of the session', tombstone(recordOf(), 'mine', ''), 'adopt'],
    ['nothing', undefined, 'adopt'],
    ['garbage', 'text', 'adopt'],
    ['a record of a newer version', { v: 2 }, 'adopt'],
  ])('and sees %s: %s', (_title, stored, decision) => {
    expect(decideClaim(stored, held, 'me', false, 'gone')).toBe(decision)
  })

  test('takes over at once what a dead tab leased under the lock that is free now', () => {
    expect(decideClaim(leased('they', true), held, 'me', true, undefined)).toBe('claim')
  })

  test('waits, even with the lock, where the lease was taken without one', () => {
    expect(decideClaim(leased('they', false), held, 'me', true, undefined)).toBe('wait')
  })
})

describe('whoever holds a session that no storage took after generation 3', () => {
  test.each([
    ['nothing', undefined, 'claim'],
    ['what was there before', recordOf({ epoch: 'theirs' }), 'claim'],
    ['the end of what was there before', tombstone(recordOf({ generation: 2 }), 'theirs', ''), 'claim'],
    ['the next sign-in', recordOf({ epoch: 'theirs', generation: 4 }), 'adopt'],
    ['the next sign-out', tombstone(recordOf(), 'theirs', ''), 'adopt'],
    ['a record of a newer version', { v: 2 }, 'adopt'],
  ])('and sees %s: %s', (_title, stored, decision) => {
    expect(decideClaim(stored, unstored, 'me', false, undefined)).toBe(decision)
  })
})

describe('a lease', () => {
  test('counts one more request, and keeps the generation', () => {
    expect(withLease(recordOf({ sends: 1 }), held, 'me', true)).toMatchObject({
      generation: 3,
      sends: 2,
      lease: { attemptId: 'me', locked: true },
    })
  })

  test('brings what only this tab has into the store', () => {
    expect(withLease(recordOf({ generation: 2, refreshToken: 'old' }), held, 'me', true)).toMatchObject({
      generation: 3,
      refreshToken: 'r',
    })
    expect(withLease(undefined, unstored, 'me', true)).toMatchObject({ generation: 1, epoch: 'mine' })
    expect(withLease(recordOf({ epoch: 'theirs' }), unstored, 'me', true)).toMatchObject({
      generation: 4,
      epoch: 'mine',
    })
  })

  test('belongs to its attempt and its session alone', () => {
    const own = leased('me', true)
    expect(ownsLease(own, own)).toBe(true)
    expect(ownsLease(leased('they', true), own)).toBe(false)
    expect(ownsLease(recordOf(), own)).toBe(false)
    expect(ownsLease(recordOf({ ...own, epoch: 'theirs' }), own)).toBe(false)
    expect(ownsLease(tombstone(own, 'mine', ''), own)).toBe(false)
    expect(ownsLease(recordOf(), recordOf())).toBe(false)
  })

  test('is given back with the time before which nobody asks', () => {
    expect(withoutLease(leased('me', true), 7)).toEqual(recordOf({ sends: 1, retryAtMs: 7 }))
    expect(withoutLease(leased('me', true), undefined)).toEqual(recordOf({ sends: 1 }))
  })
})
