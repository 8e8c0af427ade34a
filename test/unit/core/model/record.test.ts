import { describe, expect, test } from 'vitest'
import {
  liveRecord,
  nextGeneration,
  parseRecord,
  tombstone,
} from '../../../../packages/core/src/model/record.ts'
import { fc } from '../../../support/fast-check.ts'

const live = {
  v: 1,
  generation: 3,
  sessionId: 'e',
  issuer: 'https://api.telnyx.com',
  token: { accessToken: 'a', expiresAtMs: 1, scopes: ['s'] },
  receivedAtMs: 0,
  signedInAtMs: 0,
  activeAtMs: 0,
}

describe('a stored value', () => {
  test('is a session when it is whole', () => {
    expect(parseRecord(live)).toBe(live)
    expect(liveRecord(live)).toBe(live)
  })

  test.each([2, 3, 1e9])('of version %i ends the session, whatever else it holds', (v) => {
    expect(parseRecord({ v })).toMatchObject({ ended: 'newer_version' })
    expect(liveRecord({ ...live, v })).toBeUndefined()
  })

  test.each([
    ['no version', { v: undefined }],
    ['an older version', { v: 0 }],
    ['a version that is a text', { v: '1' }],
    ['no generation', { generation: undefined }],
    ['a generation that is no whole number', { generation: 1.5 }],
    ['no sessionId', { sessionId: 1 }],
    ['no token', { token: undefined }],
    ['a token that is a text', { token: 'a' }],
    ['an access token that is a number', { token: { ...live.token, accessToken: 1 } }],
    ['no expiry', { token: { ...live.token, expiresAtMs: undefined } }],
    ['an expiry that is no number', { token: { ...live.token, expiresAtMs: Number.NaN } }],
    ['no scopes', { token: { ...live.token, scopes: 's' } }],
    ['no time of receipt', { receivedAtMs: undefined }],
    ['a refresh token that is a number', { refreshToken: 7 }],
  ])('with %s is garbage', (_title, part) => {
    expect(parseRecord({ ...live, ...part })).toBeUndefined()
  })

  test('is never half a session, whatever it is', () => {
    const part = fc.anything({ withDate: true, withMap: true })
    const shaped = fc.record(Object.fromEntries(Object.keys(live).map((name) => [name, part])))
    fc.assert(
      fc.property(fc.oneof(part, shaped), (stored) => {
        const record = liveRecord(stored)
        if (!record) return
        expect(Number.isSafeInteger(record.generation)).toBe(true)
        expect(typeof record.token.accessToken).toBe('string')
      }),
    )
  })
})

describe('the end of a session', () => {
  test('is a record of its own: one generation on, with its reason', () => {
    expect(tombstone(live, 'e', 'invalid_grant')).toEqual({
      v: 1,
      generation: 4,
      sessionId: 'e',
      ended: 'invalid_grant',
    })
    expect(liveRecord(tombstone(live, 'e', ''))).toBeUndefined()
  })
})

describe('a generation', () => {
  test.each([
    [undefined, 1],
    ['garbage', 1],
    [{ v: 2 }, 1],
    [live, 4],
    [tombstone(live, 'e', ''), 5],
  ])('after %j is %i', (stored, next) => {
    expect(nextGeneration(stored)).toBe(next)
  })
})
