import { isProofKey, type ProofKey } from './proof-key.ts'
import { parseUrl } from './urls.ts'

/** A sign-in that is under way, known by its `state`. */
export interface Transaction {
  /** The client that began it: one record holds the transactions of all clients, so that each knows a foreign one. */
  readonly sessionKey: string
  readonly verifier: string
  readonly issuer: string
  readonly redirectUri: string
  readonly returnTo: string
  /** As JSON has it: every kind of storage keeps that. */
  readonly appState?: unknown
  readonly scopes: readonly string[]
  /** What the session's token will be for, and all that other tokens may be for. */
  readonly resource?: string
  readonly targets?: readonly string[]
  /** What the ID token has to repeat (OpenID Connect Core section 3.1.2.1). */
  readonly nonce?: string
  /** What the tokens will be bound to. */
  readonly proofKey?: ProofKey
  readonly createdAtMs: number
  /** Begun with `openUrl`: its response comes to `finishSignIn`, or to a window of its own, which is closed then. */
  readonly isOpened?: true
  /** Set, once, by the callback that may exchange the code: its own random id, and the generation it found. */
  readonly claimId?: string
  readonly redeemingFrom?: number
}

export type Transactions = Readonly<Record<string, Transaction>>

/** Names the record of all pending sign-ins. */
export const transactionsKey = 'pending transactions'

/** The time in which the response to a sign-in must come. */
export const transactionLifetimeMs = 600_000
const mostPending = 20

function isPending(value: unknown, now: number): value is Transaction {
  const transaction = (value ?? {}) as Partial<Transaction>
  const { sessionKey, verifier, issuer, redirectUri, returnTo, scopes, proofKey, createdAtMs } = transaction
  return (
    [sessionKey, verifier, issuer, redirectUri, returnTo].every((text) => typeof text === 'string') &&
    !!parseUrl(redirectUri) &&
    Array.isArray(scopes) &&
    (proofKey === undefined || isProofKey(proofKey)) &&
    typeof createdAtMs === 'number' &&
    Math.abs(now - createdAtMs) < transactionLifetimeMs
  )
}

/** The transactions in `stored` that are whole and not too old. */
export function pendingTransactions(stored: unknown, now: number): Transactions {
  if (typeof stored !== 'object' || stored === null) return {}
  return Object.fromEntries(
    Object.entries(stored).filter((entry): entry is [string, Transaction] => isPending(entry[1], now)),
  )
}

/** Adds one; the oldest go when there are too many. */
export function addTransaction(pending: Transactions, state: string, transaction: Transaction): Transactions {
  const newestFirst = Object.entries(pending).sort(([, a], [, b]) => b.createdAtMs - a.createdAtMs)
  return Object.fromEntries([[state, transaction], ...newestFirst.slice(0, mostPending - 1)])
}

/** Takes one out: its verifier has no further use. */
export function withoutTransaction(pending: Transactions, state: string): Transactions {
  const { [state]: _, ...rest } = pending
  return rest
}
