import type { AuthSnapshot, Finding, TelnyxAuthError, TelnyxAuthEvent } from '@telnyx-oauth/core'
import type { LogEntry } from './event-log.ts'

/** What a report is made of. */
export interface ReportParts {
  readonly snapshot: AuthSnapshot
  /** Newest first. */
  readonly entries: readonly LogEntry[]
  /** What a diagnosis found; empty if there was none. */
  readonly findings: readonly Finding[]
  readonly page: Readonly<Record<string, unknown>>
  readonly nowMs: number
}

/** What may be shown of a snapshot: everything but the token itself and what the claims say of the person. */
export function redactSnapshot(snapshot: AuthSnapshot): object {
  const { status, error } = snapshot
  if (snapshot.status !== 'signed-in') return { status, ...(error && { error: redactError(error) }) }
  const { token, sessionId, isRefreshing, isStale } = snapshot
  const { accessToken, tokenType, expiresAtMs, scopes, claims } = token
  return {
    status,
    sessionId,
    isRefreshing,
    isStale,
    token: {
      characters: accessToken.length,
      tokenType,
      expiresAtMs,
      scopes,
      ...(claims && { claims: Object.keys(claims) }),
    },
    ...(error && { error: redactError(error) }),
  }
}

function redactError({ code, phase, message, retryable, retryAfterMs, server }: TelnyxAuthError): object {
  return { code, phase, message, retryable, retryAfterMs, server }
}

/**
 * A report that may be mailed: what is known to be harmless is picked, and of that every text loses whatever is or
 * looks like a token.
 *
 * @returns JSON, events oldest first, times in milliseconds since 1970
 */
export function createReport({ snapshot, entries, findings, page, nowMs }: ReportParts): string {
  const events: TelnyxAuthEvent[] = entries.toReversed().map(({ event }) => event)
  const report = { madeAtMs: nowMs, page, snapshot: redactSnapshot(snapshot), events, findings }
  const secret = snapshot.status === 'signed-in' ? snapshot.token.accessToken : undefined
  return JSON.stringify(
    report,
    (_name, value) => (typeof value === 'string' ? scrub(value, secret) : value),
    2,
  )
}

/** What 16 random bytes and more look like in base64url; session ids are cut short, too, and can still be compared. */
const randomText = /[\w-]{22,}/g

const isRandom = (text: string): boolean => /\d/.test(text) || (/[a-z]/.test(text) && /[A-Z]/.test(text))

function scrub(text: string, secret: string | undefined): string {
  const known = secret ? text.replaceAll(secret, '[token]') : text
  return known.replace(randomText, (found) => (isRandom(found) ? `${found.slice(0, 4)}…` : found))
}
