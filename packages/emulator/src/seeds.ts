import { type ClientRecord, recordOfSeed } from './client-record.ts'
import type { ResolvedOptions } from './resolve-options.ts'
import type { Store } from './store.ts'

const MINUTE_MS = 60_000

/** Puts the clients of the options into the store, and makes up as many more as were asked for. */
export function plantSeeds(store: Store, options: ResolvedOptions): void {
  const { clients, accounts, firstAccount, seed } = options
  const nowMs = store.rules.now()
  plantManyClients(store, options, seed.clients ?? 0, nowMs)
  for (const given of clients) {
    const owner = accounts.find(({ id }) => id === given.ownerId) ?? firstAccount
    store.clients.set(given.clientId, recordOfSeed(given, owner, nowMs))
  }
  plantManyGrants(store, options, seed.grants ?? 0, nowMs)
}

function plantManyClients(
  store: Store,
  { firstAccount, rules }: ResolvedOptions,
  count: number,
  nowMs: number,
): void {
  for (let number = 1; number <= count; number += 1) {
    const createdAtMs = nowMs - (count - number + 1) * MINUTE_MS
    const isPublic = number % 2 === 0
    const record: ClientRecord = {
      ...recordOfSeed(
        {
          clientId: `seed-client-${String(number).padStart(6, '0')}`,
          name: `Seeded client ${number}`,
          type: isPublic ? 'public' : 'confidential',
          clientSecret: `seed-secret-${number}`,
          redirectUris: [`https://app-${number}.example/callback`],
          scopes: [rules.scopes[number % rules.scopes.length] ?? 'admin'],
          verified: number % 3 === 0,
        },
        firstAccount,
        createdAtMs,
      ),
    }
    store.clients.set(record.client_id, record)
  }
}

function plantManyGrants(
  store: Store,
  { firstAccount, rules }: ResolvedOptions,
  count: number,
  nowMs: number,
): void {
  const clientIds = [...store.clients.keys()]
  for (let number = 1; number <= count; number += 1) {
    const createdAtMs = nowMs - (count - number + 1) * MINUTE_MS
    store.grants.set(uuidOf(number), {
      accountId: firstAccount.id,
      clientId: clientIds[number % clientIds.length] ?? 'telnyx-demo',
      createdAtMs,
      authenticatedAtMs: createdAtMs,
      scopes: [rules.scopes[number % rules.scopes.length] ?? 'admin'],
      lastUsedAtMs: number % 4 === 0 ? undefined : createdAtMs + MINUTE_MS,
      acr: undefined,
    })
  }
}

/** The same id at every start, so that a state file is not filled twice. */
function uuidOf(number: number): string {
  return `5eeded00-0000-4000-8000-${number.toString(16).padStart(12, '0')}`
}
