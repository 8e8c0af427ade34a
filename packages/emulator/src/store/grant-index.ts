import type { AdapterPayload } from 'oidc-provider'
import type { GrantFacts } from './grant-record.ts'

/** Grants by id, and the ids of each person's grants in the order they were made. */
export interface GrantIndex {
  add(id: string, payload: AdapterPayload): void
  set(id: string, facts: GrantFacts): void
  get(id: string): GrantFacts | undefined
  /** Newest first. */
  idsOf(accountId: string): readonly string[]
  remove(id: string): void
  clear(): void
  entries(): Iterable<[string, GrantFacts]>
}

export function createGrantIndex(): GrantIndex {
  const facts = new Map<string, GrantFacts>()
  const byAccount = new Map<string, string[]>()
  const sorted = new Map<string, readonly string[]>()

  function set(id: string, grant: GrantFacts): void {
    if (!facts.has(id)) {
      const ids = byAccount.get(grant.accountId) ?? []
      ids.push(id)
      byAccount.set(grant.accountId, ids)
      sorted.delete(grant.accountId)
    }
    facts.set(id, grant)
  }

  return {
    set,
    add(id, payload) {
      const { accountId, clientId } = payload
      if (accountId === undefined || clientId === undefined) return
      const nowMs = Date.now()
      const known = facts.get(id)
      set(id, {
        accountId,
        clientId,
        createdAtMs: known?.createdAtMs ?? nowMs,
        authenticatedAtMs: nowMs,
        scopes: scopesOf(payload),
        lastUsedAtMs: known?.lastUsedAtMs,
        acr: known?.acr,
      })
    },
    get: (id) => facts.get(id),
    idsOf(accountId) {
      const ready = sorted.get(accountId)
      if (ready !== undefined) return ready
      const ids = (byAccount.get(accountId) ?? []).filter((id) => facts.has(id)).reverse()
      sorted.set(accountId, ids)
      return ids
    },
    remove(id) {
      const grant = facts.get(id)
      if (grant === undefined) return
      facts.delete(id)
      const ids = byAccount.get(grant.accountId) ?? []
      byAccount.set(
        grant.accountId,
        ids.filter((other) => other !== id),
      )
      sorted.delete(grant.accountId)
    },
    clear() {
      facts.clear()
      byAccount.clear()
      sorted.clear()
    },
    entries: () => facts.entries(),
  }
}

function scopesOf(payload: AdapterPayload): readonly string[] {
  const { openid } = payload as { openid?: { scope?: string } }
  return openid?.scope?.split(' ').filter((scope) => scope !== '') ?? []
}
