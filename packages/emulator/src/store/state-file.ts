import { readFile, rename, writeFile } from 'node:fs/promises'
import type { SigningKeys } from '../tokens/keys.ts'
import type { ClientRecord } from './client-record.ts'
import type { GrantRecord } from './grant-record.ts'
import type { Row, Store } from './store.ts'

const VERSION = 3
const WRITE_DELAY_MS = 200

/** What is kept between starts; what belongs to a sign-in under way is not. */
const KEPT_MODELS = ['AccessToken', 'ClientCredentials', 'RefreshToken', 'Grant', 'Session'] as const

interface State {
  readonly version: typeof VERSION
  readonly keys: SigningKeys
  readonly clients: readonly ClientRecord[]
  readonly grants: readonly (readonly [string, GrantRecord])[]
  readonly models: Readonly<
    Partial<Record<(typeof KEPT_MODELS)[number], readonly (readonly [string, Row])[]>>
  >
}

export interface StateFile {
  /** The keys of the last start, so that its JWTs stay valid. */
  readonly keys: SigningKeys | undefined
  /** Something may have changed: write soon. */
  changed(keys: SigningKeys): void
  /** Writes now. */
  save(keys: SigningKeys): Promise<void>
}

/** Reads the state file into the store. @throws {Error} when the file is not the emulator's */
export async function openStateFile(path: string | undefined, store: Store): Promise<StateFile> {
  if (path === undefined) return { keys: undefined, changed() {}, save: async () => {} }
  const state = await read(path)
  if (state !== undefined) restore(store, state)
  let writing = Promise.resolve()
  let timer: NodeJS.Timeout | undefined

  async function write(keys: SigningKeys): Promise<void> {
    // Whole or not at all: a start in the middle of a write must not find half a file.
    await writeFile(`${path}.new`, JSON.stringify(stateOf(store, keys)))
    await rename(`${path}.new`, String(path))
  }

  function save(keys: SigningKeys): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    writing = writing.then(() => write(keys))
    return writing
  }

  return {
    keys: state?.keys,
    changed(keys) {
      timer ??= setTimeout(() => void save(keys), WRITE_DELAY_MS).unref()
    },
    save,
  }
}

async function read(path: string): Promise<State | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  const state = parse(text)
  if (state?.version === VERSION) return state
  throw new Error(
    `${path} is not a state file of this version of the emulator: delete it, or name another one`,
  )
}

function parse(text: string): State | undefined {
  try {
    return JSON.parse(text) as State
  } catch {
    return undefined
  }
}

function stateOf(store: Store, keys: SigningKeys): State {
  return {
    version: VERSION,
    keys,
    clients: [...store.clients.values()],
    grants: [...store.grants.entries()],
    models: Object.fromEntries(KEPT_MODELS.map((name) => [name, [...store.model(name)]])),
  }
}

function restore(store: Store, state: State): void {
  // Clients that the options name win over what was kept of them.
  for (const client of state.clients)
    if (!store.clients.has(client.client_id)) store.clients.set(client.client_id, client)
  for (const [id, grant] of state.grants) store.grants.set(id, grant)
  for (const name of KEPT_MODELS)
    for (const [id, row] of state.models[name] ?? []) store.model(name).set(id, row)
}
