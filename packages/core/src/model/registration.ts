import type { Lease } from './record.ts'
import { leftToWaitMs } from './retry.ts'

/** What a server registered, as it said itself. */
export interface RegistrationAnswer {
  readonly clientId: string
  /** `undefined` where the server did not say: as asked for. */
  readonly scopes: readonly string[] | undefined
  readonly grantTypes: readonly string[] | undefined
}

/** A client that a server registered for this browser. */
export interface StoredClient extends RegistrationAnswer {
  /** What was asked for then. */
  readonly askedScopes: readonly string[]
  readonly registeredAtMs: number
  /** It took the place of one that the server did not know any more. */
  readonly isHealed?: true
}

/** What a browser keeps of its registrations at one issuer, for one redirect URI. */
export interface RegistrationRecord {
  readonly v: 1
  /** Whose client it is: never used at another server, nor for another redirect URI. */
  readonly issuer: string
  readonly redirectUri: string
  readonly client?: StoredClient
  /** Who is registering. */
  readonly lease?: Lease
  /** The server asked to wait until then. */
  readonly retryAtMs?: number
}

/** What a caller needs. */
export interface RegistrationWish {
  readonly issuer: string
  readonly redirectUri: string
  readonly scopes: readonly string[]
  /** The client that the server does not know any more, and nobody needs. */
  readonly refused?: string
}

/**
 * - `use`: the client in the record
 * - `register`: nobody else is doing so
 * - `wait`: somebody else may be
 * - `limited`: the server asked to wait
 * - `spent`: the refused client has replaced another one not long ago: a third would not fare better
 */
export type RegistrationDecision = 'use' | 'register' | 'wait' | 'limited' | 'spent'

/** A server that refuses every client costs one more registration a day, and no loop. */
const healsEveryMs = 86_400_000

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const isText = (value: unknown): value is string => typeof value === 'string'
const isList = (value: unknown): boolean => Array.isArray(value) && value.every(isText)

function isClient(value: unknown): boolean {
  if (!isObject(value)) return false
  const { clientId, scopes, grantTypes, askedScopes, registeredAtMs } = value
  const areLists = [scopes, grantTypes].every((list) => list === undefined || isList(list))
  return isText(clientId) && isList(askedScopes) && areLists && Number.isFinite(registeredAtMs)
}

/** Reads what storage holds: garbage, and what is stamped for somebody else, counts as nothing. */
export function parseRegistration(
  stored: unknown,
  { issuer, redirectUri }: RegistrationWish,
): RegistrationRecord | 'newer' {
  const nothing: RegistrationRecord = { v: 1, issuer, redirectUri }
  if (!isObject(stored)) return nothing
  if (typeof stored.v === 'number' && stored.v > 1) return 'newer'
  const isOurs = stored.issuer === issuer && stored.redirectUri === redirectUri
  const isWhole = stored.client === undefined || isClient(stored.client)
  return isOurs && isWhole ? (stored as unknown as RegistrationRecord) : nothing
}

/** The client in `record`, if it is what is needed: one that was registered for all of the scopes. */
export function usableClient(
  { client }: RegistrationRecord,
  { scopes, refused }: RegistrationWish,
): StoredClient | undefined {
  const isEnough =
    client?.clientId !== refused && scopes.every((scope) => client?.askedScopes.includes(scope))
  return isEnough ? client : undefined
}

/**
 * Decides what to do about a registration.
 *
 * @param isLocked whether this tab holds the Web Lock
 * @param abandoned the attempt that this tab watched for longer than a request may take
 */
export function decideRegistration(
  record: RegistrationRecord,
  wish: RegistrationWish,
  isLocked: boolean,
  abandoned: string | undefined,
  now: number,
): RegistrationDecision {
  const { client, lease, retryAtMs } = record
  if (usableClient(record, wish)) return 'use'
  const isRefused = client && client.clientId === wish.refused
  if (isRefused && client.isHealed && Math.abs(now - client.registeredAtMs) < healsEveryMs) return 'spent'
  if (leftToWaitMs(retryAtMs, now) > 0) return 'limited'
  const isTaken = lease && lease.attemptId !== abandoned && !(isLocked && lease.locked)
  return isTaken ? 'wait' : 'register'
}
