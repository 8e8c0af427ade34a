import type { ErrorCode } from '../error-table.ts'
import type { ServerAnswer } from '../errors.ts'
import type { Token } from '../session.ts'
import { isProofKey, type ProofKey } from './proof-key.ts'

/** The right to send the refresh token of one generation: only the tab that wrote the lease may do so. */
export interface Lease {
  readonly attemptId: string
  /** Set if its owner holds the Web Lock while the request is out: a free lock then means an owner that is gone. */
  readonly locked: boolean
}

/** Failed refreshes with one refresh token. All tabs keep to `retryAtMs`. */
export interface RefreshFailures {
  readonly count: number
  /** The last one, for the tabs that wait because of it. */
  readonly code: ErrorCode
  readonly server?: Pick<ServerAnswer, 'status' | 'error'>
  readonly retryAtMs: number
  /** The time at which the last one was recorded. */
  readonly failedAtMs: number
  /** Refusals that do not say that the refresh token is dead, and the time of the first. */
  readonly rejections: number
  readonly firstRejectedAtMs: number
}

/** An access token with the time it was received. */
export interface ReceivedToken {
  readonly token: Token
  /** An earlier `now` means that the clock was set back. */
  readonly receivedAtMs: number
  /** Tokens in a row whose lifetime is only a few seconds: each makes the next refresh wait longer. */
  readonly shortLived?: number
  /** The time at which a refresh after a 401 of the resource last brought a token. */
  readonly unauthorizedAtMs?: number
}

/** A session as it is stored. Every write of tokens adds one to `generation`. */
export interface LiveRecord extends ReceivedToken {
  readonly v: 1
  readonly generation: number
  /** Random per sign-in. */
  readonly sessionId: string
  /** The refresh token is sent to this issuer and to no other. */
  readonly issuer: string
  /** The scopes that the sign-in asked for; the token has those that were granted for its resource. */
  readonly asked?: readonly string[]
  readonly signedInAtMs: number
  /** The last activity of the user in any tab. */
  readonly activeAtMs: number
  readonly refreshToken?: string
  /** The end of the refresh token, if the server names it. */
  readonly refreshTokenEndsAtMs?: number
  /** The resource of `token`, and all that the sign-in named: no other is ever asked for. */
  readonly resource?: string
  readonly targets?: readonly string[]
  /** Tokens for other resources, or for fewer scopes. */
  readonly resourceTokens?: Readonly<Record<string, ReceivedToken>>
  /** Every token request proves that this browser has it. */
  readonly proofKey?: ProofKey
  readonly lease?: Lease
  readonly failures?: RefreshFailures
  /** Set once the refresh token may have been spent by a request whose response did not arrive. */
  readonly isResponseLost?: true
}

/** The rest of an ended session: a late response cannot bring it back. */
export interface Tombstone {
  readonly v: 1
  readonly generation: number
  readonly sessionId: string
  /** The reason; empty after a sign-out. */
  readonly ended: ErrorCode | ''
  /** Late tokens of this session are to be revoked too: the sign-out revoked at the server. */
  readonly revokes?: true
}

export type StoredRecord = LiveRecord | Tombstone

type Loose = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Loose => typeof value === 'object' && value !== null

const timesOf = ['receivedAtMs', 'signedInAtMs', 'activeAtMs'] as const

function isToken(value: unknown): value is Token {
  return (
    isObject(value) &&
    typeof value.accessToken === 'string' &&
    Number.isFinite(value.expiresAtMs) &&
    Array.isArray(value.scopes)
  )
}

/** The record of a later version: for this one the session is over. It is never replaced. */
const newerVersion: Tombstone = { v: 1, generation: 0, sessionId: '', ended: 'newer_version' }

/** Reads what storage holds: garbage counts as nothing, and a record of a later version as the end of the session. */
export function parseRecord(stored: unknown): StoredRecord | undefined {
  if (!isObject(stored)) return undefined
  if (typeof stored.v === 'number' && stored.v > 1) return newerVersion
  const isRecord =
    stored.v === 1 &&
    Number.isSafeInteger(stored.generation) &&
    typeof stored.sessionId === 'string' &&
    (typeof stored.ended === 'string' ||
      (isToken(stored.token) &&
        typeof stored.issuer === 'string' &&
        ['string', 'undefined'].includes(typeof stored.refreshToken) &&
        (stored.proofKey === undefined || isProofKey(stored.proofKey)) &&
        timesOf.every((name) => Number.isFinite(stored[name]))))
  return isRecord ? (stored as unknown as StoredRecord) : undefined
}

/** The live session in `stored`, if there is one. */
export function liveRecord(stored: unknown): LiveRecord | undefined {
  const record = parseRecord(stored)
  return record && !('ended' in record) ? record : undefined
}

/** The live session in `stored` if it is `session` and its refresh token has not been replaced. */
export function sameGeneration(stored: unknown, session: LiveRecord): LiveRecord | undefined {
  const live = liveRecord(stored)
  return live?.sessionId === session.sessionId && live.generation === session.generation ? live : undefined
}

/** The generation after what is stored. */
export function nextGeneration(stored: unknown): number {
  return (parseRecord(stored)?.generation ?? 0) + 1
}

/** Ends the session in `stored`, whichever it is. */
export function tombstone(stored: unknown, sessionId: string, ended: Tombstone['ended']): Tombstone {
  return { v: 1, generation: nextGeneration(stored), sessionId, ended }
}
