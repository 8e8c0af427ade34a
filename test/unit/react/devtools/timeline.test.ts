import { type AuthSnapshot, TelnyxAuthError, type TelnyxAuthEvent } from '@telnyx-oauth/core'
import { describe, expect, it } from 'vitest'
import { timelineOf } from '../../../../packages/react/src/devtools/timeline.ts'
import { durationOf, stateOf, timeOf } from '../../../../packages/react/src/devtools/words.ts'
import { signedIn } from '../../../support/test-client.ts'

const nowMs = Date.UTC(2026, 10, 1, 12)
const minuteMs = 60_000
const sessionId = 'session'

const until = (expiresAtMs: number): AuthSnapshot =>
  signedIn({ token: { accessToken: 'a', expiresAtMs, scopes: [] } })
const entry = (event: TelnyxAuthEvent) => ({ id: event.atMs, event })
const renewal = (atMs: number) =>
  entry({ type: 'token-renewed', sessionId, by: 'this-tab', expiresAtMs: atMs + 1, atMs })

describe('the time line', () => {
  it('reaches from the first event to the expiry of the token, with now in between', () => {
    const entries = [renewal(nowMs - 5 * minuteMs), renewal(nowMs - 10 * minuteMs)]
    const timeline = timelineOf(until(nowMs + 30 * minuteMs), entries, nowMs)
    expect(timeline.nowPosition).toBe(0.25)
    expect(timeline.marks.map(({ position }) => position)).toEqual([0, 0.125, 1])
    expect(timeline.marks.at(-1)).toMatchObject({ key: 'expiry', text: 'The token expires.' })
  })

  it('leaves out what happens in between', () => {
    const between = [
      entry({ type: 'lock-waited', sessionId, waitedMs: 1, isHeld: true, outcome: 'send', atMs: nowMs - 1 }),
      entry({ type: 'refresh-started', sessionId, attempt: 1, atMs: nowMs }),
    ]
    expect(timelineOf({ status: 'signed-out' }, between, nowMs).marks).toEqual([])
  })

  it('shows a token that expired in the past', () => {
    const { marks } = timelineOf(until(nowMs - 30_000), [], nowMs)
    expect(marks).toMatchObject([{ position: 0.25, text: 'The token expired.' }])
  })

  it.each([
    ['in a hundred years', Date.UTC(2126, 0)],
    ['never', Number.POSITIVE_INFINITY],
    ['as long ago as a test says', 0],
  ])('leaves room for a token that expires %s', (_title, expiresAtMs) => {
    const { toMs, fromMs, marks, nowPosition } = timelineOf(until(expiresAtMs), [], nowMs)
    expect(toMs - fromMs).toBeLessThanOrEqual(24 * 60 * minuteMs + minuteMs)
    for (const { position } of [...marks, { position: nowPosition }]) {
      expect(position).toBeGreaterThanOrEqual(0)
      expect(position).toBeLessThanOrEqual(1)
    }
  })
})

describe('words', () => {
  it.each([
    [0, '0 s'],
    [1499, '1 s'],
    [-3000, '3 s'],
    [61_000, '1 min 1 s'],
    [3_600_000, '1 h'],
    [90_061_000, '1 d 1 h'],
  ])('of a duration of %d ms', (durationMs, words) => {
    expect(durationOf(durationMs)).toBe(words)
  })

  it('of a time have its date when that is another day', () => {
    expect(timeOf(nowMs, nowMs)).toMatch(/^\d\d:\d\d:\d\d$/)
    expect(timeOf(Date.UTC(2100, 5, 1), nowMs)).toContain('2100')
    expect(timeOf(Number.POSITIVE_INFINITY, nowMs)).toBe('never')
  })

  it.each([
    [{ status: 'pending' }, 'pending'],
    [{ status: 'signed-out' }, 'signed out'],
    [until(nowMs + 1), 'signed in'],
    [until(nowMs), 'expired'],
    [signedIn({ isRefreshing: true, isStale: true }), 'refreshing'],
    [signedIn({ isStale: true, error: new TelnyxAuthError('network_error') }), 'stale'],
  ] as const)('of the state %o', (snapshot, words) => {
    expect(stateOf(snapshot, nowMs)).toBe(words)
  })
})
