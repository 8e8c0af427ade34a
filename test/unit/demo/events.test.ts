import type { TelnyxAuthEvent } from '@telnyx-oauth/core'
import { describe, expect, it } from 'vitest'
import { describeEvent } from '../../../demo/src/events/describe-event.ts'
import { createEventLog, type LogEntry } from '../../../demo/src/events/event-log.ts'
import { countTokenRequests, lastRenewal, pauseEndsAtMs } from '../../../demo/src/events/last-renewal.ts'
import { tokenLifetimeMs } from '../../../demo/src/pages/session/token-lifetime.ts'
import { farewellSentence } from '../../../demo/src/pages/sign-in/farewell.ts'

const sessionId = 'session'
const restored: TelnyxAuthEvent = { type: 'signed-in', by: 'storage', sessionId, atMs: 1 }
const exchanged: TelnyxAuthEvent = { type: 'signed-in', by: 'callback', sessionId, atMs: 1 }
const asked: TelnyxAuthEvent = { type: 'refresh-started', attempt: 1, sessionId, atMs: 2 }
const adopted: TelnyxAuthEvent = {
  type: 'token-renewed',
  by: 'other-tab',
  sessionId,
  expiresAtMs: 9,
  atMs: 3,
}
const ended: TelnyxAuthEvent = { type: 'signed-out', sessionId, atMs: 4 }

/** Entries as the log keeps them, from events in the order in which they happened. */
function entriesOf(...events: readonly TelnyxAuthEvent[]): readonly LogEntry[] {
  return events.map((event, index) => ({ id: index + 1, event })).reverse()
}

function startLog() {
  let report: (event: TelnyxAuthEvent) => void = () => {}
  const log = createEventLog({
    onEvent: (listener) => {
      report = listener
      return () => {}
    },
  })
  return { log, report: (event: TelnyxAuthEvent) => report(event) }
}

describe('the event log', () => {
  it('lists the newest event first and tells its readers', () => {
    const { log, report } = startLog()
    const lengths: number[] = []
    const stop = log.subscribe(() => lengths.push(log.getEntries().length))
    report(restored)
    report(asked)
    stop()
    report(adopted)
    expect(log.getEntries().map(({ event }) => event)).toEqual([adopted, asked, restored])
    expect(lengths).toEqual([1, 2])
  })

  it('is the same array until something happens', () => {
    const { log, report } = startLog()
    report(restored)
    expect(log.getEntries()).toBe(log.getEntries())
  })

  it('keeps the newest two hundred', () => {
    const { log, report } = startLog()
    for (let count = 0; count < 250; count += 1) report(asked)
    expect(log.getEntries().map(({ id }) => id)).toEqual(Array.from({ length: 200 }, (_, age) => 250 - age))
  })
})

describe('an event in words', () => {
  it.each([
    [adopted, true, 'good'],
    [asked, false, 'plain'],
    [{ type: 'session-replaced', sessionId, previousSessionId: 'older', atMs: 5 } as const, true, 'plain'],
    [ended, false, 'plain'],
    [{ ...ended, code: 'session_expired' } as const, false, 'bad'],
    [{ type: 'shared-worker-unavailable', reason: 'not-loaded', atMs: 5 } as const, false, 'bad'],
  ])('%o', (event, fromOtherTab, tone) => {
    expect(describeEvent(event)).toEqual({ fromOtherTab, tone, sentence: expect.stringMatching(/\.$/) })
  })

  it('names the code of a failure', () => {
    const failed = { type: 'refresh-failed', code: 'network_error', sessionId, atMs: 1 } as const
    expect(describeEvent(failed).sentence).toBe('The refresh failed with network_error.')
  })
})

describe('the last renewal', () => {
  it('is the newest event that brought a token', () => {
    expect(lastRenewal(entriesOf(restored, adopted, asked))).toEqual({ source: 'other-tab', atMs: 3 })
  })

  it('tells a sign-in elsewhere from a renewal elsewhere', () => {
    expect(lastRenewal(entriesOf({ ...restored, by: 'other-tab' }))?.source).toBe('signed-in-elsewhere')
  })

  it('is unknown before there was one', () => {
    expect(lastRenewal(entriesOf(asked))).toBeUndefined()
  })
})

describe('the pause after a failed refresh', () => {
  const failed: TelnyxAuthEvent = {
    type: 'refresh-failed',
    code: 'server_unavailable',
    retryAtMs: 8,
    sessionId,
    atMs: 3,
  }

  it('ends when the library says', () => {
    expect(pauseEndsAtMs(entriesOf(restored, failed))).toBe(8)
  })

  it('is over when a token came', () => {
    expect(pauseEndsAtMs(entriesOf(failed, adopted))).toBeUndefined()
  })
})

describe('token requests', () => {
  it('are the exchange of the code and every refresh of this tab', () => {
    expect(countTokenRequests(entriesOf(exchanged, asked, adopted, asked))).toBe(3)
  })

  it('are none for a restored session', () => {
    expect(countTokenRequests(entriesOf(restored, adopted))).toBe(0)
  })
})

describe('the life of a token', () => {
  it('is measured when it came from the server', () => {
    expect(tokenLifetimeMs({ source: 'this-tab', atMs: 1_000 }, 61_000)).toBe(60_000)
  })

  it('is the usual half hour when it was restored', () => {
    expect(tokenLifetimeMs({ source: 'storage', atMs: 1_000 }, 61_000)).toBe(1_800_000)
  })
})

describe('the farewell', () => {
  it('is silent when nobody signed out', () => {
    expect(farewellSentence(entriesOf(restored), undefined)).toBeUndefined()
  })

  it('names the other tab when nobody signed out here', () => {
    expect(farewellSentence(entriesOf(restored, ended), undefined)).toMatch(/another tab/)
    expect(farewellSentence(entriesOf(restored, ended), { sessionId: 'an older one' })).toMatch(/another tab/)
  })

  it('says what became of the tokens, once that is known', () => {
    const before = farewellSentence(entriesOf(ended), { sessionId })
    expect(before).toBe('You are signed out in every tab of this browser.')
    const result = { revoked: false, reason: 'not_supported' } as const
    expect(farewellSentence(entriesOf(ended), { sessionId, result })).toMatch(/cannot revoke/)
    expect(farewellSentence(entriesOf(ended), { sessionId, result: { revoked: true } })).toMatch(
      /are revoked/,
    )
  })
})
