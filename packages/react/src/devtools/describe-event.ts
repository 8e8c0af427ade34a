import type { TelnyxAuthEvent } from '@telnyx-oauth/core'
import { timeOf } from './words.ts'

/** What kind of news something is; decides its colour. */
export type Tone = 'good' | 'plain' | 'bad'

const signedIn = {
  callback: 'Signed in with the code of a finished callback.',
  storage: 'The stored session was restored; nothing was sent.',
  'other-tab': 'Another tab signed in, and this one with it.',
}

const outcomes = {
  send: 'This tab is the one to refresh',
  adopt: 'Another tab was faster',
  fail: 'This tab may not refresh',
}

/** Puts an event into a sentence. */
export function describeEvent(event: TelnyxAuthEvent): string {
  switch (event.type) {
    case 'sign-in-started':
      return `The page leaves for the server${event.automatic ? ' by itself' : ''}.`
    case 'sign-in-failed':
      return `The sign-in failed with ${event.code}.`
    case 'signed-in':
      return signedIn[event.by]
    case 'session-replaced':
      return "Another sign-in took this session's place."
    case 'lock-waited':
      return `${outcomes[event.outcome]}, after ${Math.round(event.waitedMs)} ms of waiting for the lock${event.isHeld ? '' : ' in vain'}.`
    case 'refresh-started':
      return `The refresh token is sent${purpose(event)}${event.attempt > 1 ? `, for the ${event.attempt}. time` : ''}.`
    case 'refresh-failed':
      return `The refresh${purpose(event)} failed with ${event.code}${nextTry(event.retryAtMs)}.`
    case 'token-renewed':
      return event.by === 'this-tab'
        ? 'This tab has a newer token.'
        : 'Another tab has a newer token, taken over from storage.'
    case 'token-added':
      return `This tab has another token${purpose(event)}.`
    case 'signed-out':
      return event.code ? `The session ended with ${event.code}.` : 'Signed out.'
    case 'storage-degraded':
      return `Storage (${event.kind}) is in trouble: ${event.reason}`
    case 'shared-worker-unavailable':
      return `This page refreshes without the SharedWorker: ${event.reason}. diagnose() says what to do.`
  }
}

/** What a token beside the session's own is for. */
const purpose = ({ resource, scopes }: { resource?: string; scopes?: readonly string[] }): string =>
  (resource ? ` for ${resource}` : '') + (scopes ? ` with ${scopes.join(' ')}` : '')

const nextTry = (retryAtMs: number | undefined): string =>
  retryAtMs === undefined ? '' : `; not again before ${timeOf(retryAtMs)}`

/** Whether an event is good or bad news. */
export function toneOf(event: TelnyxAuthEvent): Tone {
  if (['signed-in', 'token-renewed', 'token-added'].includes(event.type)) return 'good'
  if (['refresh-failed', 'storage-degraded', 'shared-worker-unavailable'].includes(event.type)) return 'bad'
  if (event.type === 'lock-waited') return event.isHeld && event.outcome !== 'fail' ? 'plain' : 'bad'
  return event.type === 'signed-out' && event.code ? 'bad' : 'plain'
}
