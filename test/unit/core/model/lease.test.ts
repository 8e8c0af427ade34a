import { describe, expect, test } from 'vitest'
import { ownerOf } from '../../../../packages/core/src/model/lease.ts'
import type { LiveRecord } from '../../../../packages/core/src/model/record.ts'

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

const free = recordOf()
const leased = (attemptId: string, locked: boolean) => recordOf({ lease: { attemptId, locked } })

describe('ownerOf', () => {
  test('a lease of a tab that holds the Web Lock is that of its owner, for a tab without the lock', () => {
    expect(ownerOf(leased('other', true), false, false)).toBe('other')
  })

  test('a tab with the Web Lock knows that the owner of the lease, which had it, is gone', () => {
    expect(ownerOf(leased('other', true), true, false)).toBeUndefined()
  })

  test('a tab with the Web Lock knows nothing of an owner that had none', () => {
    expect(ownerOf(leased('other', false), true, false)).toBe('other')
  })

  test('a record without a lease is free, unless another tab holds the Web Lock', () => {
    expect(ownerOf(free, false, false)).toBeUndefined()
    expect(ownerOf(free, false, true)).toBe('')
  })
})
