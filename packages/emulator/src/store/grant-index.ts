import type { AdapterPayload } from 'oidc-provider'
import type { GrantRecord } from './grant-record.ts'
import { createTrackedMap } from './tracked-map.ts'

/** Grants by id, and the ids of each person's grants in the order they were made. */
export interface GrantIndex {
  add(id: string, payload: AdapterPayload): void
  set(id: string, record: GrantRecord): void
  get(id: string): GrantRecord | undefined
  /** Newest first. */
  idsOf(accountId: string): readonly string[]
  remove(id: string): void
  clear(): void
  entries(): Iterable<[string, GrantRecord]>
}

export function createGrantIndex(onWrite: () => void): GrantIndex {
  const records = createTrackedMap<string, GrantRecord>(onWrite)
  const byAccount = new Map<string, string[]>()
  const sorted = new Map<string, readonly string[]>()

  function set(id: string, grant: GrantRecord): void {
    if (!records.has(id)) {
      const ids = byAccount.get(grant.accountId) ?? []
      ids.push(id)
      byAccount.set(grant.accountId, ids)
      sorted.delete(grant.accountId)
    }
    records.set(id, grant)
  }

  return {
    set,
    add(id, payload) {
      const { accountId, clientId } = payload
      if (accountId === undefined || clientId === undefined) return
      const nowMs = Date.now()
      const known = records.get(id)
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
    get: (id) => records.get(id),
    idsOf(accountId) {
      const ready = sorted.get(accountId)
      if (ready !== undefined) return ready
      const ids = (byAccount.get(accountId) ?? []).filter((id) => records.has(id)).reverse()
      sorted.set(accountId, ids)
      return ids
    },
    remove(id) {
      const grant = records.get(id)
      if (grant === undefined) return
      records.delete(id)
      const ids = byAccount.get(grant.accountId) ?? []
      byAccount.set(
        grant.accountId,
        ids.filter((other) => other !== id),
      )
      sorted.delete(grant.accountId)
    },
    clear() {
      records.clear()
      byAccount.clear()
      sorted.clear()
    },
    entries: () => records.entries(),
  }
}

function scopesOf(payload: AdapterPayload): readonly string[] {
  const { openid } = payload as { openid?: { scope?: string } }
  return openid?.scope?.split(' ').filter((scope) => scope !== '') ?? []
}
