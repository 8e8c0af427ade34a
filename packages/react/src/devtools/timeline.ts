import type { AuthSnapshot, TelnyxAuthEvent } from '@telnyx-oauth/core'
import { describeEvent, type Tone, toneOf } from './describe-event.ts'
import type { LogEntry } from './event-log.ts'

/** Something on the time line. */
export interface Mark {
  readonly key: string
  readonly atMs: number
  /** From 0, the left end, to 1. */
  readonly position: number
  readonly text: string
  readonly tone: Tone
}

/** A stretch of time with its marks, oldest first. */
export interface Timeline {
  readonly fromMs: number
  readonly toMs: number
  readonly nowPosition: number
  readonly marks: readonly Mark[]
}

const minuteMs = 60_000

/** What is shown at most, before and after now. A token that lasts for years would leave no room for anything else. */
const reachMs = 24 * 60 * minuteMs

const isShown = ({ type }: TelnyxAuthEvent): boolean =>
  ['signed-in', 'session-replaced', 'token-renewed', 'refresh-failed', 'signed-out'].includes(type)

/** Lays out the past of the session and the expiry of its token. @param entries newest first */
export function timelineOf(snapshot: AuthSnapshot, entries: readonly LogEntry[], nowMs: number): Timeline {
  const past = entries.filter(({ event }) => isShown(event) && event.atMs > nowMs - reachMs).toReversed()
  const expiresAtMs = snapshot.status === 'signed-in' ? snapshot.token.expiresAtMs : nowMs
  const fromMs = Math.min(nowMs - minuteMs, past[0]?.event.atMs ?? nowMs)
  const toMs = Math.max(nowMs + minuteMs, Math.min(expiresAtMs, nowMs + reachMs))
  const position = (atMs: number) => Math.min(1, Math.max(0, (atMs - fromMs) / (toMs - fromMs)))
  const marks = past.map(({ id, event }): Mark => {
    const { atMs } = event
    return {
      key: String(id),
      atMs,
      position: position(atMs),
      text: describeEvent(event),
      tone: toneOf(event),
    }
  })
  if (snapshot.status === 'signed-in') {
    const text = expiresAtMs > nowMs ? 'The token expires.' : 'The token expired.'
    marks.push({ key: 'expiry', atMs: expiresAtMs, position: position(expiresAtMs), text, tone: 'bad' })
  }
  return { fromMs, toMs, nowPosition: position(nowMs), marks }
}
