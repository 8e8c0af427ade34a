import type { SeedOptions } from '../options/options.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { type ClientRecord, type ClientSeed, recordOfSeed } from './client-record.ts'
import type { GrantRecord } from './grant-record.ts'
import type { Store } from './store.ts'

const MINUTE_MS = 60_000

/** Puts the clients of the options into the store, and makes up as many more as were asked for. */
export function seedDefaults(store: Store, options: ResolvedOptions): void {
  const { seed, clients } = options
  // In the order of their making: lists show the newest first.
  seedGenerated(store, options, { clients: seed.clients ?? 0 })
  for (const client of clients) seedClient(store, options, client)
  seedGenerated(store, options, seed)
}

export function seedClient(
  store: Store,
  { accounts, firstAccount }: ResolvedOptions,
  seed: ClientSeed,
): ClientRecord {
  const owner = accounts.find(({ id }) => id === seed.ownerId) ?? firstAccount
  const record = recordOfSeed(seed, owner, store.rules.now())
  store.clients.set(record.client_id, record)
  return record
}

/** Makes up clients and grants until there are so many. The same ones at every start, so that a state file is not filled twice. */
export function seedGenerated(
  store: Store,
  options: ResolvedOptions,
  { clients = 0, grants = 0 }: SeedOptions,
): void {
  const nowMs = store.rules.now()
  for (let number = 1; number <= clients; number += 1) {
    const id = `seed-client-${String(number).padStart(6, '0')}`
    if (!store.clients.has(id))
      store.clients.set(id, madeUpClient(id, number, options, nowMs - (clients - number) * MINUTE_MS))
  }
  const clientIds = [...store.clients.keys()]
  for (let number = 1; number <= grants; number += 1) {
    const id = uuidOf(number)
    const clientId = clientIds[number % clientIds.length] ?? 'telnyx-demo'
    if (!store.grants.get(id))
      store.grants.set(id, madeUpGrant(clientId, number, options, nowMs - (grants - number + 1) * MINUTE_MS))
  }
}

function madeUpClient(
  clientId: string,
  number: number,
  options: ResolvedOptions,
  createdAtMs: number,
): ClientRecord {
  const seed: ClientSeed = {
    clientId,
    name: `Seeded client ${number}`,
    type: number % 2 === 0 ? 'public' : 'confidential',
    clientSecret: `seed-secret-${number}`,
    redirectUris: [`https://app-${number}.example/callback`],
    scopes: scopesFor(number, options),
    verified: number % 3 === 0,
  }
  return recordOfSeed(seed, options.firstAccount, createdAtMs)
}

function madeUpGrant(
  clientId: string,
  number: number,
  options: ResolvedOptions,
  createdAtMs: number,
): GrantRecord {
  return {
    accountId: options.firstAccount.id,
    clientId,
    createdAtMs,
    authenticatedAtMs: createdAtMs,
    scopes: scopesFor(number, options),
    lastUsedAtMs: number % 4 === 0 ? undefined : createdAtMs + MINUTE_MS,
    acr: undefined,
  }
}

function scopesFor(number: number, { rules }: ResolvedOptions): readonly string[] {
  return rules.scopes.filter((_, index) => index === number % rules.scopes.length)
}

function uuidOf(number: number): string {
  return `5eeded00-0000-4000-8000-${number.toString(16).padStart(12, '0')}`
}
