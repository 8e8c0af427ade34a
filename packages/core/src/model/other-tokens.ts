import type { LiveRecord, ReceivedToken } from './record.ts'
import { scopesFrom } from './tokens.ts'

/** A token of the session that is not the session's own: for another resource, or for fewer scopes. */
export interface Wanted {
  /** Tells it from every other one. */
  readonly key: string
  /** What it is for; `undefined` where the sign-in named nothing. */
  readonly resource: string | undefined
  /** `undefined`: all that there are. */
  readonly scopes: readonly string[] | undefined
}

/** So many are kept; of more, the oldest go. */
const mostOthers = 10

const sorted = (scopes: readonly string[]): readonly string[] => [...new Set(scopes)].sort()

/** The token that is meant by these two; `undefined` means the session's own. */
export function wantedOf(
  { resource: own, token }: Pick<LiveRecord, 'resource' | 'token'>,
  resource: string | undefined = own,
  scope: string | readonly string[] | undefined,
): Wanted | undefined {
  const given = sorted(scopesFrom(scope))
  const isForAll = given.length === 0 || String(given) === String(sorted(token.scopes))
  if (resource === own && isForAll) return undefined
  return { key: JSON.stringify([resource ?? '', ...given]), resource, scopes: given[0] ? given : undefined }
}

function isOther(value: unknown): value is ReceivedToken {
  const { token, receivedAtMs } = (value ?? {}) as Partial<ReceivedToken>
  return (
    typeof token?.accessToken === 'string' &&
    Number.isFinite(token.expiresAtMs) &&
    Array.isArray(token.scopes) &&
    Number.isFinite(receivedAtMs)
  )
}

/** The other tokens in a record. Garbage among them counts as nothing: it costs a request, not the session. */
function othersOf({ others }: LiveRecord): readonly (readonly [string, ReceivedToken])[] {
  const entries: readonly (readonly [string, unknown])[] = Object.entries(others ?? {})
  return entries.filter((entry): entry is readonly [string, ReceivedToken] => isOther(entry[1]))
}

/** The record as it is for `wanted`: with that token in place of the session's own. `undefined`: there is none. */
export function asSeenFor(record: LiveRecord, wanted: Wanted | undefined): LiveRecord | undefined {
  if (!wanted) return record
  const { shortLived: _shortLived, unauthorizedAtMs: _unauthorizedAtMs, ...rest } = record
  const [, other] = othersOf(record).find(([key]) => key === wanted.key) ?? []
  return other && { ...rest, ...other }
}

/** Whether `next` has a newer token for `wanted` than `before`. */
export function isRenewed(before: LiveRecord, next: LiveRecord, wanted: Wanted | undefined): boolean {
  const was = asSeenFor(before, wanted)
  const is = asSeenFor(next, wanted)
  return !!is && (is.token.accessToken !== was?.token.accessToken || is.receivedAtMs !== was.receivedAtMs)
}

/** The other tokens of `record` with one more, and without those that have expired. */
export function withOther(
  record: LiveRecord,
  { key }: Wanted,
  other: ReceivedToken,
  now: number,
): NonNullable<LiveRecord['others']> {
  const kept = othersOf(record)
    .filter(([known, { token }]) => known !== key && token.expiresAtMs > now)
    .sort(([, a], [, b]) => b.receivedAtMs - a.receivedAtMs)
  return Object.fromEntries([[key, other], ...kept.slice(0, mostOthers - 1)])
}

/** What a token is for, as events tell it; nothing for the session's own. */
export const purposeOf = (
  wanted: Wanted | undefined,
): { readonly resource?: string; readonly scopes?: readonly string[] } => ({
  ...(wanted?.resource !== undefined && { resource: wanted.resource }),
  ...(wanted?.scopes && { scopes: wanted.scopes }),
})
