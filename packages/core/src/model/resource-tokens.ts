import type { LiveRecord, ReceivedToken } from './record.ts'
import { scopesFrom } from './tokens.ts'

/** A token of the session that is not the session's own: for another resource, or for fewer scopes. */
export interface ResourceTarget {
  /** Tells it from every other one. */
  readonly key: string
  /** What it is for; `undefined` where the sign-in named nothing. */
  readonly resource: string | undefined
  /** `undefined`: all that there are. */
  readonly scopes: readonly string[] | undefined
}

/** So many are kept; of more, the oldest go. */
const maxResourceTokens = 10

const sorted = (scopes: readonly string[]): readonly string[] => [...new Set(scopes)].sort()

/** The token that is meant by these two; `undefined` means the session's own. */
export function resourceTargetOf(
  { resource: own, token }: Pick<LiveRecord, 'resource' | 'token'>,
  resource: string | undefined = own,
  scope: string | readonly string[] | undefined,
): ResourceTarget | undefined {
  const given = sorted(scopesFrom(scope))
  const isForAll = given.length === 0 || String(given) === String(sorted(token.scopes))
  if (resource === own && isForAll) return undefined
  return { key: JSON.stringify([resource ?? '', ...given]), resource, scopes: given[0] ? given : undefined }
}

function isReceivedToken(value: unknown): value is ReceivedToken {
  const { token, receivedAtMs } = (value ?? {}) as Partial<ReceivedToken>
  return (
    typeof token?.accessToken === 'string' &&
    Number.isFinite(token.expiresAtMs) &&
    Array.isArray(token.scopes) &&
    Number.isFinite(receivedAtMs)
  )
}

/** The other tokens in a record. Garbage among them counts as nothing: it costs a request, not the session. */
function resourceTokensOf({ resourceTokens }: LiveRecord): readonly (readonly [string, ReceivedToken])[] {
  const entries: readonly (readonly [string, unknown])[] = Object.entries(resourceTokens ?? {})
  return entries.filter((entry): entry is readonly [string, ReceivedToken] => isReceivedToken(entry[1]))
}

/** The record as it is for `target`: with that token in place of the session's own. `undefined`: there is none. */
export function recordFor(record: LiveRecord, target: ResourceTarget | undefined): LiveRecord | undefined {
  if (!target) return record
  const { shortLived: _shortLived, unauthorizedAtMs: _unauthorizedAtMs, ...rest } = record
  const [, other] = resourceTokensOf(record).find(([key]) => key === target.key) ?? []
  return other && { ...rest, ...other }
}

/** Whether `next` has a newer token for `target` than `before`. */
export function isRenewed(before: LiveRecord, next: LiveRecord, target: ResourceTarget | undefined): boolean {
  const was = recordFor(before, target)
  const is = recordFor(next, target)
  return !!is && (is.token.accessToken !== was?.token.accessToken || is.receivedAtMs !== was.receivedAtMs)
}

/** The other tokens of `record` with one more, and without those that have expired. */
export function withResourceToken(
  record: LiveRecord,
  { key }: ResourceTarget,
  other: ReceivedToken,
  now: number,
): NonNullable<LiveRecord['resourceTokens']> {
  const kept = resourceTokensOf(record)
    .filter(([known, { token }]) => known !== key && token.expiresAtMs > now)
    .sort(([, a], [, b]) => b.receivedAtMs - a.receivedAtMs)
  return Object.fromEntries([[key, other], ...kept.slice(0, maxResourceTokens - 1)])
}

/** What a token is for, as events tell it; nothing for the session's own. */
export const purposeOf = (
  target: ResourceTarget | undefined,
): { readonly resource?: string; readonly scopes?: readonly string[] } => ({
  ...(target?.resource !== undefined && { resource: target.resource }),
  ...(target?.scopes && { scopes: target.scopes }),
})
