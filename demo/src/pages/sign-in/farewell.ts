import type { SignOutResult } from '@telnyx-oauth/core'
import type { LogEntry } from '../../events/event-log.ts'

/** A sign-out that was asked for on this page: of which session, and how it ended, once that is known. */
export interface Farewell {
  readonly sessionId: string | undefined
  readonly result?: SignOutResult
}

const REVOCATION: Readonly<Record<NonNullable<SignOutResult['reason']>, string>> = {
  not_supported: 'The server cannot revoke tokens, so the last one stays valid there until it expires.',
  failed: 'The server did not confirm that the tokens are revoked.',
  not_requested: 'The tokens were not revoked at the server.',
  not_signed_in: 'Nobody was signed in.',
}

/** Says how the last session of this page ended, if one did. @param entries newest first */
export function farewellSentence(
  entries: readonly LogEntry[],
  farewell: Farewell | undefined,
): string | undefined {
  const ending = entries.find(({ event }) => event.type === 'signed-out')?.event
  if (ending?.type !== 'signed-out') return undefined
  if (!farewell || farewell.sessionId !== ending.sessionId)
    return 'You were signed out in another tab, so this tab is signed out too.'
  const { result } = farewell
  const consequence = result?.reason ? REVOCATION[result.reason] : result && 'The tokens are revoked.'
  return ['You are signed out in every tab of this browser.', consequence].filter(Boolean).join(' ')
}
