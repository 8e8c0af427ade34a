import type { OAuthGrant, Page } from '@telnyx-oauth/api'
import { describeScopes } from '../../words/scopes.ts'
import { formatAgo, formatDate } from '../../words/time.ts'

const SHOWN_AREAS = 3
const DAY_MS = 24 * 60 * 60 * 1000

const list = new Intl.ListFormat('en-GB')

/** The areas that scopes are about, e.g. `Billing, Messaging, Numbers and 2 more`. */
export function areasInWords(scopes: readonly string[]): string {
  const areas = describeScopes(scopes).map(({ area }) => area)
  const rest = areas.length - SHOWN_AREAS
  return list.format(rest > 1 ? [...areas.slice(0, SHOWN_AREAS), `${rest} more`] : areas)
}

/** When a grant was last used: the time that has passed, or the day. */
export function lastUseInWords({ last_used_at }: OAuthGrant, nowMs: number): string {
  if (!last_used_at) return 'Never'
  const atMs = Date.parse(last_used_at)
  return nowMs - atMs < DAY_MS ? formatAgo(atMs, nowMs) : formatDate(last_used_at)
}

/** What revoking a grant does to the session of this very page. */
export type SessionFate = 'stays' | 'may-end' | 'ends'

/**
 * Says what becomes of the session. No answer says which grant it comes from, but if this console's client has one
 * grant only, it is that one.
 */
export function sessionFate(grant: OAuthGrant, shown: Page<OAuthGrant>, ownClientId: string): SessionFate {
  if (grant.client_id !== ownClientId) return 'stays'
  const own = shown.data.filter(({ client_id }) => client_id === ownClientId)
  return shown.meta?.total_pages === 1 && own.length === 1 ? 'ends' : 'may-end'
}
