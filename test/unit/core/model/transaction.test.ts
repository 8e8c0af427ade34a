import { describe, expect, test } from 'vitest'
import {
  addTransaction,
  pendingTransactions,
  type Transaction,
  withoutTransaction,
} from '../../../../packages/core/src/model/transaction.ts'
import { fc } from '../../../support/fast-check.ts'

const now = 1_000_000_000
const begun = (createdAtMs: number): Transaction => ({
  sessionKey: 'client',
  verifier: 'v',
  issuer: 'https://api.telnyx.com',
  redirectUri: 'https://app.example/callback',
  returnTo: '/',
  scopes: [],
  createdAtMs,
})

describe('the sign-ins under way', () => {
  test('are those of the last ten minutes', () => {
    const stored = { new: begun(now - 599_999), old: begun(now - 600_000), ahead: begun(now + 600_000) }
    expect(Object.keys(pendingTransactions(stored, now))).toEqual(['new'])
  })

  test('are at most twenty: the oldest goes', () => {
    let pending = {}
    for (let n = 0; n < 25; n++) pending = addTransaction(pending, `state-${n}`, begun(now + n))
    const states = Object.keys(pending)
    expect(states).toHaveLength(20)
    expect(states).toContain('state-24')
    expect(states).toContain('state-5')
  })

  test('lose the one that is finished, and no other', () => {
    expect(withoutTransaction({ a: begun(now), b: begun(now) }, 'a')).toEqual({ b: begun(now) })
  })

  test('survive whatever else stands in their place', () => {
    const anything = fc.anything({ withNullPrototype: true, withDate: true, withMap: true })
    fc.assert(
      fc.property(fc.oneof(anything, fc.dictionary(fc.string(), anything)), (stored) => {
        const pending = pendingTransactions(stored, now)
        const added = addTransaction(pending, 'tx1.mine', begun(now))
        expect(added['tx1.mine']).toEqual(begun(now))
        for (const transaction of Object.values(pending)) {
          expect(typeof transaction.verifier).toBe('string')
          expect(typeof transaction.returnTo).toBe('string')
          expect(Array.isArray(transaction.scopes)).toBe(true)
        }
      }),
      {
        examples: [
          ...[[{ a: { createdAtMs: now } }], [{ a: { ...begun(now), createdAtMs: 0n } }], [{ a: null }]],
          ...[[[begun(now)]], ['text'], [null]],
        ] as [unknown][],
      },
    )
  })
})
