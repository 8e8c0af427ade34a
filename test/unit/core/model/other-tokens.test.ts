import { describe, expect, test } from 'vitest'
import {
  asSeenFor,
  type Wanted,
  wantedOf,
  withOther,
} from '../../../../packages/core/src/model/other-tokens.ts'
import type { LiveRecord } from '../../../../packages/core/src/model/record.ts'
import { fc } from '../../../support/fast-check.ts'

const tokenOf = (name: string, expiresAtMs = 1000) => ({ accessToken: name, expiresAtMs, scopes: ['a'] })

const record: LiveRecord = {
  v: 1,
  generation: 3,
  sessionId: 'e',
  issuer: 'https://api.telnyx.com',
  token: { accessToken: 'own', expiresAtMs: 1, scopes: ['a', 'b'] },
  receivedAtMs: 0,
  signedInAtMs: 0,
  activeAtMs: 0,
  unauthorizedAtMs: 1,
}

const wantedFor = (resource: string): Wanted => wantedOf(record, resource, undefined) as Wanted

describe('a token beside the session’s own', () => {
  test('is told from others by its resource and its scopes, in any order', () => {
    const keys = [
      wantedOf(record, 'https://r', undefined),
      wantedOf(record, 'https://r', 'a'),
      wantedOf(record, 'https://r', ['b', 'a', 'b']),
      wantedOf(record, undefined, 'a'),
      wantedOf(record, undefined, 'a https://r'),
    ].map((wanted) => wanted?.key)
    expect(new Set(keys).size).toBe(5)
    expect(wantedOf(record, 'https://r', 'a b')?.key).toBe(keys[2])
    expect(wantedOf(record, undefined, 'b a')).toBeUndefined()
  })

  test('stands in the place of the session’s own, and what was said of that is left out', () => {
    const wanted = wantedFor('https://r')
    const others = withOther(record, wanted, { token: tokenOf('other'), receivedAtMs: 5 }, 0)
    const seen = asSeenFor({ ...record, others }, wanted)
    expect(seen).toMatchObject({
      token: { accessToken: 'other' },
      receivedAtMs: 5,
      sessionId: 'e',
      generation: 3,
    })
    expect(seen).not.toHaveProperty('unauthorizedAtMs')
    expect(asSeenFor(record, wanted)).toBeUndefined()
    expect(asSeenFor(record, undefined)).toBe(record)
  })

  test('is one of ten at most: those that have expired go, then the oldest', () => {
    let current = record
    for (let n = 0; n < 15; n++) {
      const token = tokenOf(`t${n}`, n % 2 ? 1000 : 10)
      const others = withOther(
        current,
        wantedFor(`https://r/${n}`),
        { token, receivedAtMs: n },
        n < 14 ? 0 : 10,
      )
      expect(Object.keys(others).length).toBe(n < 14 ? Math.min(n + 1, 10) : 6)
      current = { ...current, others }
    }
    const kept = Object.values(current.others ?? {}).map(({ token }) => token.accessToken)
    expect(kept).toEqual(['t14', 't13', 't11', 't9', 't7', 't5'])
  })

  test('is whole or not there, whatever is stored', () => {
    const wanted = wantedFor('https://r')
    const part = fc.anything()
    const other = fc.record({
      token: fc.oneof(part, fc.record({ accessToken: part, expiresAtMs: part, scopes: part })),
      receivedAtMs: part,
    })
    const others = fc.oneof(
      part,
      fc.dictionary(fc.constantFrom(wanted.key, '__proto__', 'x'), fc.oneof(part, other)),
    )
    fc.assert(
      fc.property(others, (stored) => {
        const garbled = { ...record, others: stored as LiveRecord['others'] & {} }
        const seen = asSeenFor(garbled, wanted)
        if (!seen) return
        expect(typeof seen.token.accessToken).toBe('string')
        expect(Number.isFinite(seen.token.expiresAtMs) && Number.isFinite(seen.receivedAtMs)).toBe(true)
        expect(Array.isArray(seen.token.scopes)).toBe(true)
        withOther(garbled, wanted, { token: tokenOf('t'), receivedAtMs: 0 }, 0)
      }),
      { numRuns: 3000 },
    )
  })
})
