import type { LiveRecord, ReceivedToken } from './record.ts'
import type { ResourceTarget } from './resource-target.ts'
import { scopesFrom } from './tokens.ts'

/** So many are kept; of more, the oldest go. */
const maxResourceTokens = 10

const sorted = (scopes: readonly string[]): readonly string[] => [...new Set(scopes)].sort()

function isReceivedToken(value: unknown): value is ReceivedToken {
  const { token, receivedAtMs } = (value ?? {}) as Partial<ReceivedToken>
  return (
    typeof token?.accessToken === 'string' &&
    Number.isFinite(token.expiresAtMs) &&
    Array.isArray(token.scopes) &&
    Number.isFinite(receivedAtMs)
  )
}

/** The resource tokens in a record. Garbage among them counts as nothing: it costs a request, not the session. */
function resourceTokensOf({ resourceTokens }: LiveRecord): readonly (readonly [string, ReceivedToken])[] {
  const entries: readonly (readonly [string, unknown])[] = Object.entries(resourceTokens ?? {})
  return entries.filter((entry): entry is readonly [string, ReceivedToken] => isReceivedToken(entry[1]))
}

/** The resource tokens of `record` with one more, and without those that have expired. */
function withResourceToken(
  record: LiveRecord,
  key: string,
  received: ReceivedToken,
  now: number,
): NonNullable<LiveRecord['resourceTokens']> {
  const kept = resourceTokensOf(record)
    .filter(([known, { token }]) => known !== key && token.expiresAtMs > now)
    .sort(([, a], [, b]) => b.receivedAtMs - a.receivedAtMs)
  return Object.fromEntries([[key, received], ...kept.slice(0, maxResourceTokens - 1)])
}

/** The token that is meant by these two; `undefined` means the session's own. */
export function resourceTargetOf(
  { resource: own, token }: Pick<LiveRecord, 'resource' | 'token'>,
  resource: string | undefined = own,
  scope: string | readonly string[] | undefined,
): ResourceTarget | undefined {
  const given = sorted(scopesFrom(scope))
  const isForAll = given.length === 0 || String(given) === String(sorted(token.scopes))
  if (resource === own && isForAll) return undefined
  const key = JSON.stringify([resource ?? '', ...given])
  const scopes = given[0] ? given : undefined
  return {
    key,
    resource,
    scopes,
    purpose: { ...(resource !== undefined && { resource }), ...(scopes && { scopes }) },
    tokenIn: (record) => resourceTokensOf(record).find(([known]) => known === key)?.[1],
    tokensWith: (record, received, now) => withResourceToken(record, key, received, now),
  }
}
