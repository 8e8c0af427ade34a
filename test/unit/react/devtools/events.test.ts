import type { TelnyxAuthEvent } from '@telnyx-oauth/core'
import { describe, expect, it } from 'vitest'
import { describeEvent, toneOf } from '../../../../packages/react/src/devtools/describe-event.ts'
import { createEventLog, type LogEntry } from '../../../../packages/react/src/devtools/event-log.ts'
import { refreshesOf } from '../../../../packages/react/src/devtools/refreshes.ts'
import { pendingAuth } from '../../../support/test-client.ts'

const sessionId = 'session'
const waited: TelnyxAuthEvent = {
  type: 'lock-waited',
  sessionId,
  waitedMs: 12.4,
  isHeld: true,
  outcome: 'send',
  atMs: 1,
}
const adopts: TelnyxAuthEvent = { ...waited, outcome: 'adopt' }
const sent: TelnyxAuthEvent = { type: 'refresh-started', sessionId, attempt: 1, atMs: 2 }
const failed: TelnyxAuthEvent = { type: 'refresh-failed', sessionId, code: 'network_error', atMs: 3 }
const renewed: TelnyxAuthEvent = { type: 'token-renewed', sessionId, by: 'this-tab', expiresAtMs: 9, atMs: 4 }
const adopted: TelnyxAuthEvent = { ...renewed, by: 'other-tab' }
const added: TelnyxAuthEvent = {
  type: 'token-added',
  sessionId,
  resource: 'https://mcp.example.com',
  scopes: ['voice.write'],
  expiresAtMs: 9,
  atMs: 4,
}
const ended: TelnyxAuthEvent = { type: 'signed-out', sessionId, code: 'invalid_grant', atMs: 5 }

/** Entries as the log keeps them, from events in the order in which they happened. */
const entriesOf = (...events: readonly TelnyxAuthEvent[]): readonly LogEntry[] =>
  events.map((event, index) => ({ id: index + 1, event })).reverse()

describe('the event log', () => {
  it('lists the newest event first, tells its readers, and is the same array until something happens', () => {
    const auth = pendingAuth()
    const log = createEventLog(auth)
    const lengths: number[] = []
    const leave = log.subscribe(() => lengths.push(log.getEntries().length))
    auth.emit(ended)
    const stop = log.start()
    auth.emit(waited)
    auth.emit(sent)
    leave()
    auth.emit(renewed)
    stop()
    auth.emit(failed)
    expect(log.getEntries().map(({ event }) => event)).toEqual([renewed, sent, waited])
    expect(lengths).toEqual([1, 2])
    expect(log.getEntries()).toBe(log.getEntries())
  })

  it('keeps the newest two hundred', () => {
    const auth = pendingAuth()
    const log = createEventLog(auth)
    log.start()
    for (let count = 0; count < 250; count += 1) auth.emit(sent)
    expect(log.getEntries().map(({ id }) => id)).toEqual(Array.from({ length: 200 }, (_, age) => 250 - age))
  })
})

describe('what is known of refreshes', () => {
  const told = (...events: readonly TelnyxAuthEvent[]) =>
    refreshesOf(entriesOf(...events)).map(({ by, waitedMs, requests, outcome }) => [
      by,
      waitedMs,
      requests,
      outcome,
    ])

  it.each([
    ['nothing', [], []],
    ['one that waits for the lock', [waited], [['this-tab', 12.4, 0, 'under way']]],
    ['one that was sent', [waited, sent], [['this-tab', 12.4, 1, 'under way']]],
    ['one that was sent twice', [waited, sent, sent, renewed], [['this-tab', 12.4, 2, 'renewed']]],
    ['one of another tab', [adopted], [['other-tab', undefined, 0, 'renewed']]],
    ['one of another tab, waited for', [adopted, adopts], [['other-tab', 12.4, 0, 'renewed']]],
    ['one that another tab was faster with', [waited, sent, adopted], [['other-tab', 12.4, 1, 'renewed']]],
    ['a sign-out that was waited for', [adopted, ended, adopts], [['other-tab', undefined, 0, 'renewed']]],
    ['one that failed', [waited, sent, failed], [['this-tab', 12.4, 1, 'network_error']]],
    ['one that failed before the lock', [failed], [['this-tab', undefined, 0, 'network_error']]],
    ['one that ended the session', [waited, sent, ended], [['this-tab', 12.4, 1, 'invalid_grant']]],
    [
      'one whose session was replaced',
      [waited, sent, { type: 'session-replaced', sessionId, previousSessionId: 'x', atMs: 9 }],
      [['this-tab', 12.4, 1, 'session replaced']],
    ],
    [
      'one of a token beside the own of the session, which makes nothing of the next',
      [waited, { ...sent, resource: 'https://mcp.example.com' }, added, renewed],
      [
        ['this-tab', undefined, 0, 'renewed'],
        ['this-tab', 12.4, 1, 'added'],
      ],
    ],
    ['an end without any', [ended], []],
    [
      'several, newest first',
      [waited, sent, failed, waited, sent, renewed],
      [
        ['this-tab', 12.4, 1, 'renewed'],
        ['this-tab', 12.4, 1, 'network_error'],
      ],
    ],
  ] as const)('%s', (_title, events, rows) => {
    expect(told(...events)).toEqual(rows)
  })
})

it('a refresh says what the token is for, if it is not the own of the session', () => {
  const [refresh] = refreshesOf(entriesOf(waited, sent, added))
  expect(refresh?.purpose).toBe('https://mcp.example.com voice.write')
})

describe('an event in words', () => {
  const workerless = { type: 'shared-worker-unavailable', reason: 'not-loaded', atMs: 1 } as const
  const every: readonly TelnyxAuthEvent[] = [
    waited,
    { ...waited, isHeld: false },
    adopts,
    { ...waited, outcome: 'fail' },
    sent,
    { ...sent, attempt: 3 },
    failed,
    { ...failed, retryAtMs: 10 },
    renewed,
    adopted,
    ended,
    { type: 'signed-out', sessionId, atMs: 1 },
    { type: 'sign-in-started', automatic: true, atMs: 1 },
    { type: 'sign-in-failed', code: 'access_denied', atMs: 1 },
    { type: 'signed-in', sessionId, by: 'callback', atMs: 1 },
    { type: 'signed-in', sessionId, by: 'storage', atMs: 1 },
    { type: 'signed-in', sessionId, by: 'other-tab', atMs: 1 },
    { type: 'session-replaced', sessionId, previousSessionId: 'before', atMs: 1 },
    { type: 'storage-degraded', kind: 'memory', reason: 'no database.', atMs: 1 },
    workerless,
  ]

  it('is a sentence, and another one for each', () => {
    const sentences = every.map(describeEvent)
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].*\.$/)
    expect(new Set(sentences).size).toBe(every.length)
  })

  it('is good, bad or neither', () => {
    const events = [renewed, workerless, failed, sent, ended, waited, { ...waited, isHeld: false }]
    expect(events.map(toneOf)).toEqual(['good', 'bad', 'bad', 'plain', 'bad', 'plain', 'bad'])
  })
})
