import type { ErrorCode } from '../error-table.ts'
import type { Token } from '../session.ts'
import { isProofKey, type ProofKey } from './proof-key.ts'

/** Who may send the refresh token of this generation: nobody but the writer of the lease. */
export interface Lease {
  readonly attemptId: string
  /** Whether its owner holds the Web Lock while the request is out: a free lock then means a dead owner. */
  readonly locked: boolean
}

/** A token of a session beside its own. */
export interface OtherToken {
  readonly token: Token
  readonly receivedAtMs: number
  readonly from401?: true
}

/** A session as it is stored. Every write adds one to `generation`, except those of lease and failure. */
export interface LiveRecord {
  readonly v: 1
  readonly generation: number
  /** Random per sign-in; the public `sessionId`. */
  readonly epoch: string
  readonly issuer: string
  readonly token: Token
  /** The scopes that the sign-in asked for; the token has what was granted of them for its resource. */
  readonly asked?: readonly string[]
  /** When the token was received: an earlier `now` means that the clock was set back. */
  readonly receivedAtMs: number
  /** When the person signed in, and when they last did something in any tab. */
  readonly signedInAtMs: number
  readonly activeAtMs: number
  readonly refreshToken?: string
  /** What `token` is for, and all that the sign-in named: nothing else is ever asked for. */
  readonly resource?: string
  readonly targets?: readonly string[]
  /** Tokens for other resources, or for fewer scopes. */
  readonly others?: Readonly<Record<string, OtherToken>>
  /** Every token request proves that this browser has it. */
  readonly proofKey?: ProofKey
  /** How often this generation's refresh token was sent. More than one means that an answer was lost. */
  readonly sends: number
  readonly lease?: Lease
  /** The session that was stored when this one could not be: as long as no storage has taken this one. */
  readonly replaces?: string
  /** It replaced a token that a resource refused: if it is refused too, a refresh does not help. */
  readonly from401?: true
  /** The server asked every tab to wait until then. */
  readonly retryAtMs?: number
}

/** What is left of an ended session, so that a late answer cannot bring it back. */
export interface Tombstone {
  readonly v: 1
  readonly generation: number
  readonly epoch: string
  /** Why it ended; empty when the person signed out. */
  readonly ended: ErrorCode | ''
  /** Tokens of this session that come too late are to be revoked too: the person signed out of it at the server. */
  readonly revokes?: true
}

/** The generation of a session that no storage took, where `found` was stored before it: younger than that alone. */
export const unstoredAfter = (found: number): number => found + 0.5

/** Whether no storage has taken this session yet. */
export const isUnstored = ({ generation }: Pick<LiveRecord, 'generation'>): boolean => generation % 1 > 0

export type StoredRecord = LiveRecord | Tombstone

/**
 * Whether what is stored says nothing about `held`, which no storage has taken: it was there before, or is what
 * became of the session that `held` replaces. Only signing out means everybody.
 */
export function isBefore(stored: StoredRecord | undefined, held: LiveRecord): boolean {
  if (!isUnstored(held)) return false
  if (!stored || stored.generation <= held.generation) return true
  const isSignOut = 'ended' in stored && !stored.ended
  return stored.epoch === held.replaces && !isSignOut
}

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

/** Reads what storage holds: garbage counts as nothing, `'newer'` was written by a later version. */
export function parseRecord(stored: unknown): StoredRecord | 'newer' | undefined {
  if (!isObject(stored)) return undefined
  if (typeof stored.v === 'number' && stored.v > 1) return 'newer'
  const isRecord =
    stored.v === 1 &&
    Number.isSafeInteger(stored.generation) &&
    typeof stored.epoch === 'string' &&
    (typeof stored.ended === 'string' ||
      (isToken(stored.token) &&
        ['string', 'undefined'].includes(typeof stored.refreshToken) &&
        (stored.proofKey === undefined || isProofKey(stored.proofKey)) &&
        timesOf.every((name) => Number.isFinite(stored[name]))))
  return isRecord ? (stored as unknown as StoredRecord) : undefined
}

/** The live session in `stored`, if there is one. */
export function liveRecord(stored: unknown): LiveRecord | undefined {
  const record = parseRecord(stored)
  return record && record !== 'newer' && !('ended' in record) ? record : undefined
}

/** The generation after what is stored. */
export function nextGeneration(stored: unknown): number {
  const record = parseRecord(stored)
  return record && record !== 'newer' ? record.generation + 1 : 1
}

/** Ends the session in `stored`, whichever it is. */
export function tombstone(stored: unknown, epoch: string, ended: Tombstone['ended']): Tombstone {
  return { v: 1, generation: nextGeneration(stored), epoch, ended }
}
