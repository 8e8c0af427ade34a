import { describe, expect, test } from 'vitest'
import type { LiveRecord } from '../../../../packages/core/src/model/record.ts'
import { type ResourceTarget, recordFor } from '../../../../packages/core/src/model/resource-target.ts'
import { resourceTargetOf } from '../../../../packages/core/src/model/resource-tokens.ts'
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

const targetOf = (resource: string): ResourceTarget =>
  resourceTargetOf(record, resource, undefined) as ResourceTarget

describe('a token beside the session’s own', () => {
  test('is told from others by its resource and its scopes, in any order', () => {
    const keys = [
      resourceTargetOf(record, 'https://r', undefined),
      resourceTargetOf(record, 'https://r', 'a'),
      resourceTargetOf(record, 'https://r', ['b', 'a', 'b']),
      resourceTargetOf(record, undefined, 'a'),
      resourceTargetOf(record, undefined, 'a https://r'),
    ].map((target) => target?.key)
    expect(new Set(keys).size).toBe(5)
    expect(resourceTargetOf(record, 'https://r', 'a b')?.key).toBe(keys[2])
    expect(resourceTargetOf(record, undefined, 'b a')).toBeUndefined()
  })

  test('stands in the place of the session’s own, and what was said of that is left out', () => {
    const target = targetOf('https://r')
    const resourceTokens = target.tokensWith(record, { token: tokenOf('other'), receivedAtMs: 5 }, 0)
    const seen = recordFor({ ...record, resourceTokens }, target)
    expect(seen).toMatchObject({
      token: { accessToken: 'other' },
      receivedAtMs: 5,
      sessionId: 'e',
      generation: 3,
    })
    expect(seen).not.toHaveProperty('unauthorizedAtMs')
    expect(recordFor(record, target)).toBeUndefined()
    expect(recordFor(record, undefined)).toBe(record)
  })

  test('is one of ten at most: those that have expired go, then the oldest', () => {
    let current = record
    for (let n = 0; n < 15; n++) {
      const token = tokenOf(`t${n}`, n % 2 ? 1000 : 10)
      const resourceTokens = targetOf(`https://r/${n}`).tokensWith(
        current,
        { token, receivedAtMs: n },
        n < 14 ? 0 : 10,
      )
      expect(Object.keys(resourceTokens).length).toBe(n < 14 ? Math.min(n + 1, 10) : 6)
      current = { ...current, resourceTokens }
    }
    const kept = Object.values(current.resourceTokens ?? {}).map(({ token }) => token.accessToken)
    expect(kept).toEqual(['t14', 't13', 't11', 't9', 't7', 't5'])
  })

  test('is whole or not there, whatever is stored', () => {
    const target = targetOf('https://r')
    const part = fc.anything()
    const other = fc.record({
      token: fc.oneof(part, fc.record({ accessToken: part, expiresAtMs: part, scopes: part })),
      receivedAtMs: part,
    })
    const resourceTokens = fc.oneof(
      part,
      fc.dictionary(fc.constantFrom(target.key, '__proto__', 'x'), fc.oneof(part, other)),
    )
    fc.assert(
      fc.property(resourceTokens, (stored) => {
        const garbled = { ...record, resourceTokens: stored as LiveRecord['resourceTokens'] & {} }
        const seen = recordFor(garbled, target)
        if (!seen) return
        expect(typeof seen.token.accessToken).toBe('string')
        expect(Number.isFinite(seen.token.expiresAtMs) && Number.isFinite(seen.receivedAtMs)).toBe(true)
        expect(Array.isArray(seen.token.scopes)).toBe(true)
        target.tokensWith(garbled, { token: tokenOf('t'), receivedAtMs: 0 }, 0)
      }),
      { numRuns: 3000 },
    )
  })
})
