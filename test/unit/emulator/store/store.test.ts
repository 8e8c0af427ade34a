import { describe, expect, test } from 'vitest'
import { createAdapter, createStore, type Store } from '../../../../packages/emulator/src/store/store.ts'

/** A store whose clock is moved by hand. */
function createTimedStore(): { readonly store: Store; readonly clock: { nowMs: number } } {
  const clock = { nowMs: 1_000_000 }
  const store = createStore({
    refreshGracePeriodMs: 0,
    revokeAccessTokensWithGrant: true,
    now: () => clock.nowMs,
  })
  return { store, clock }
}

describe('the store', () => {
  test('finds what has not expired', async () => {
    const { store, clock } = createTimedStore()
    const adapter = createAdapter(store, 'Interaction', () => undefined)
    await adapter.upsert('a', { uid: 'u' }, 60)
    expect(await adapter.find('a')).toEqual({ uid: 'u' })
    expect(await adapter.findByUid('u')).toEqual({ uid: 'u' })
    clock.nowMs += 60_000
    expect(await adapter.find('a')).toBeUndefined()
    expect(await adapter.findByUid('u')).toBeUndefined()
  })

  test('lets go of abandoned sign-ins that nobody asks for again', async () => {
    const { store, clock } = createTimedStore()
    const adapter = createAdapter(store, 'Interaction', () => undefined)
    for (let count = 0; count < 10_000; count += 1) {
      clock.nowMs += 1000
      await adapter.upsert(`abandoned ${count}`, {}, 60)
    }
    expect(store.model('Interaction').size).toBeLessThan(500)
  })

  test('revokes what was issued under a grant, and nothing else', async () => {
    const { store } = createTimedStore()
    const tokens = createAdapter(store, 'RefreshToken', () => undefined)
    const grants = createAdapter(store, 'Grant', () => undefined)
    for (const grantId of ['one', 'two']) {
      await grants.upsert(grantId, { accountId: 'a', clientId: 'c' }, 60)
      await tokens.upsert(`token of ${grantId}`, { grantId }, 60)
    }
    expect([store.revokeGrant('one'), store.revokeGrant('one')]).toEqual([true, false])
    expect(await tokens.find('token of one')).toBeUndefined()
    expect(await tokens.find('token of two')).toEqual({ grantId: 'two' })
    expect(store.grants.idsOf('a')).toEqual(['two'])
  })
})
