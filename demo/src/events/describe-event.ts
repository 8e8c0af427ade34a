import type { TelnyxAuthEvent } from '@telnyx-oauth/core'
import { formatTime } from '../words/time.ts'

/** Which kind of news an event is; decides its colour. */
export type EventTone = 'good' | 'plain' | 'bad'

/** An event as a person reads it. */
export interface EventDescription {
  readonly sentence: string
  readonly tone: EventTone
  readonly fromOtherTab: boolean
}

const SIGNED_IN = {
  callback: 'Signed in: the code in the address was exchanged for a token.',
  storage: 'The session was restored from this browser. No request was sent.',
  'other-tab': 'Another tab signed in, so this tab is signed in too.',
}

const RENEWED = {
  'this-tab': 'This tab renewed the token.',
  'other-tab': 'Another tab renewed the token. This tab took it over and sent nothing.',
}

/** Puts an event into a sentence. */
export function describeEvent(event: TelnyxAuthEvent): EventDescription {
  const fromOtherTab = event.type === 'session-replaced' || ('by' in event && event.by === 'other-tab')
  return { fromOtherTab, tone: toneOf(event), sentence: sentenceOf(event) }
}

function toneOf(event: TelnyxAuthEvent): EventTone {
  if (['signed-in', 'token-renewed', 'token-added'].includes(event.type)) return 'good'
  if (
    ['sign-in-failed', 'refresh-failed', 'storage-degraded', 'shared-worker-unavailable'].includes(event.type)
  )
    return 'bad'
  return event.type === 'signed-out' && event.code ? 'bad' : 'plain'
}

function sentenceOf(event: TelnyxAuthEvent): string {
  switch (event.type) {
    case 'sign-in-started':
      return 'Leaving for the Telnyx sign-in page.'
    case 'sign-in-failed':
      return `The sign-in failed with ${event.code}.`
    case 'signed-in':
      return SIGNED_IN[event.by]
    case 'session-replaced':
      return "Another tab signed in anew. Its session took this one's place."
    case 'lock-waited':
      return `Waited ${Math.round(event.waitedMs)} ms for the turn among all tabs to refresh.`
    case 'refresh-started':
      return event.attempt > 1
        ? `Asking the server for a newer token${forWhat(event)}, attempt ${event.attempt}.`
        : `Asking the server for a newer token${forWhat(event)}.`
    case 'refresh-failed':
      return `The refresh${forWhat(event)} failed with ${event.code}.${pause(event.retryAtMs)}`
    case 'token-renewed':
      return RENEWED[event.by]
    case 'token-added':
      return `This tab got another token${forWhat(event)}. It replaces nothing.`
    case 'signed-out':
      return event.code
        ? `The session ended with ${event.code}.`
        : 'Signed out, in every tab of this browser.'
    case 'storage-degraded':
      return `The ${event.kind} storage is in trouble: ${event.reason}.`
    case 'shared-worker-unavailable':
      return `This page refreshes without the SharedWorker: ${event.reason}.`
  }
}

function pause(retryAtMs: number | undefined): string {
  return retryAtMs === undefined ? '' : ` There is no next try before ${formatTime(retryAtMs)}.`
}

/** What a token beside the session's own is for. */
function forWhat({ resource, scopes }: { resource?: string; scopes?: readonly string[] }): string {
  return [resource && ` for ${resource}`, scopes && ` with ${scopes.join(', ')}`].filter(Boolean).join('')
}
