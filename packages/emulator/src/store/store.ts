import type { Adapter, AdapterPayload } from 'oidc-provider'
import type { ClientRecord } from './client-record.ts'
import { createGrantIndex, type GrantIndex } from './grant-index.ts'
import { createTrackedMap } from './tracked-map.ts'

/** A row of one of oidc-provider's models. */
export interface Row {
  readonly payload: AdapterPayload
  /** `undefined`: never. */
  readonly expiresAtMs: number | undefined
  /** A refresh token's first use, kept apart while the grace period lets it be used again. */
  readonly consumedAtMs?: number
}

export interface StoreRules {
  readonly refreshGracePeriodMs: number
  readonly revokeAccessTokensWithGrant: boolean
  readonly now: () => number
}

/** Everything the emulator remembers. */
export interface Store {
  readonly clients: Map<string, ClientRecord>
  readonly grants: GrantIndex
  model(name: string): Map<string, Row>
  /** Writes a row, and sweeps out expired ones now and then. */
  put(name: string, id: string, row: Row): void
  /** The live row, expired ones removed on the way. */
  find(name: string, id: string): AdapterPayload | undefined
  /** Deletes a grant and everything that was issued under it. */
  revokeGrant(id: string): boolean
  /** Deletes a client, its grants and its tokens. */
  removeClient(id: string): void
  clear(): void
  models(): ReadonlyMap<string, Map<string, Row>>
  /** Counts the writes. */
  revision(): number
  readonly rules: StoreRules
}

const ISSUED_UNDER_A_GRANT = ['AccessToken', 'RefreshToken', 'AuthorizationCode']

export function createStore(rules: StoreRules): Store {
  const models = new Map<string, Map<string, Row>>()
  let revision = 0
  const countWrite = (): void => {
    revision += 1
  }
  const clients = createTrackedMap<string, ClientRecord>(countWrite)
  const grants = createGrantIndex(countWrite)

  function model(name: string): Map<string, Row> {
    const existing = models.get(name)
    if (existing !== undefined) return existing
    const created = createTrackedMap<string, Row>(countWrite)
    models.set(name, created)
    return created
  }

  function find(name: string, id: string): AdapterPayload | undefined {
    const row = model(name).get(id)
    if (row === undefined) return undefined
    if (row.expiresAtMs !== undefined && row.expiresAtMs <= rules.now()) {
      model(name).delete(id)
      return undefined
    }
    return row.payload
  }

  function put(name: string, id: string, row: Row): void {
    const rows = model(name)
    if (rows.size % SWEEP_EVERY === 0) sweep(rows, rules.now())
    rows.set(id, row)
  }

  function revokeGrant(id: string): boolean {
    for (const name of ISSUED_UNDER_A_GRANT) revokeUnderGrant(store, name, id)
    grants.remove(id)
    return model('Grant').delete(id)
  }

  function removeClient(id: string): void {
    clients.delete(id)
    for (const [grantId, { clientId }] of [...grants.entries()]) if (clientId === id) revokeGrant(grantId)
    for (const rows of models.values()) {
      for (const [key, row] of rows) if (row.payload.clientId === id) rows.delete(key)
    }
  }

  function clear(): void {
    for (const rows of models.values()) rows.clear()
    clients.clear()
    grants.clear()
  }

  const store: Store = {
    clients,
    grants,
    model,
    put,
    find,
    revokeGrant,
    removeClient,
    clear,
    models: () => models,
    revision: () => revision,
    rules,
  }
  return store
}

function revokeUnderGrant(store: Store, name: string, grantId: string): void {
  if (name === 'AccessToken' && !store.rules.revokeAccessTokensWithGrant) return
  const rows = store.model(name)
  for (const [id, row] of rows) if (row.payload.grantId === grantId) rows.delete(id)
}

const SWEEP_EVERY = 256

/** Nobody asks for an abandoned sign-in again, so nothing else would ever remove it. */
function sweep(rows: Map<string, Row>, nowMs: number): void {
  for (const [id, { expiresAtMs }] of rows)
    if (expiresAtMs !== undefined && expiresAtMs <= nowMs) rows.delete(id)
}

/** oidc-provider's view of the store. */
export function createAdapter(
  store: Store,
  name: string,
  clientMetadata: (id: string) => AdapterPayload | undefined,
): Adapter {
  const rows = store.model(name)
  const { rules } = store
  return {
    async upsert(id, payload, expiresIn) {
      const expiresAtMs = expiresIn ? rules.now() + expiresIn * 1000 : undefined
      store.put(name, id, { payload, expiresAtMs })
      if (name === 'Grant') store.grants.add(id, payload)
    },
    async find(id) {
      if (name === 'Client') return clientMetadata(id)
      const payload = store.find(name, id)
      const row = rows.get(id)
      if (payload === undefined || row?.consumedAtMs === undefined) return payload
      const graceIsOver = rules.now() >= row.consumedAtMs + rules.refreshGracePeriodMs
      return graceIsOver ? { ...payload, consumed: Math.floor(row.consumedAtMs / 1000) } : payload
    },
    async findByUid(uid) {
      for (const [id, row] of rows) if (row.payload.uid === uid) return store.find(name, id)
      return undefined
    },
    async findByUserCode() {
      return undefined
    },
    async consume(id) {
      const row = rows.get(id)
      if (row === undefined) return
      const { payload, consumedAtMs = rules.now() } = row
      const consumed = Math.floor(rules.now() / 1000)
      rows.set(
        id,
        name === 'RefreshToken' ? { ...row, consumedAtMs } : { ...row, payload: { ...payload, consumed } },
      )
    },
    async destroy(id) {
      rows.delete(id)
      if (name === 'Grant') store.grants.remove(id)
    },
    async revokeByGrantId(grantId) {
      revokeUnderGrant(store, name, grantId)
    },
  }
}
