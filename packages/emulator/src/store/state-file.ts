import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { EmulatorAccount } from '../options/accounts.ts'
import type { SigningKeys } from '../tokens/keys.ts'
import type { ClientRecord } from './client-record.ts'
import type { GrantRecord } from './grant-record.ts'
import type { Row, Store } from './store.ts'

const VERSION = 3
const WRITE_DELAY_MS = 200
const RETRY_DELAY_MS = 5000
/** A younger file may be the write of another emulator. */
const MIN_LEFTOVER_AGE_MS = 10_000
const LEFTOVER = /^\.[\da-f-]{36}\.new$/

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
  /** Writes for the first time. @throws {Error} when the file cannot be written */
  create(keys: SigningKeys): Promise<void>
  /** Writes soon, if the store has changed since the last write. */
  saveSoon(keys: SigningKeys): void
  /** Writes now, if the store has changed since the last write. A failure is reported and tried again later. */
  save(keys: SigningKeys): Promise<void>
}

const NO_FILE: StateFile = { keys: undefined, create: async () => {}, saveSoon() {}, save: async () => {} }

/** Reads the state file into the store. @throws {Error} when the file is not the emulator's */
export async function openStateFile(
  path: string | undefined,
  store: Store,
  accounts: readonly EmulatorAccount[],
): Promise<StateFile> {
  if (path === undefined) return NO_FILE
  const state = await read(path)
  if (state !== undefined) restore(store, state, new Set(accounts.map(({ id }) => id)))
  let writing = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  let savedRevision: number | undefined
  let isFailing = false

  async function write(keys: SigningKeys): Promise<void> {
    const revision = store.revision()
    if (revision === savedRevision) return
    await replaceFile(path as string, JSON.stringify(stateOf(store, keys)))
    savedRevision = revision
    isFailing = false
  }

  function retryLater(keys: SigningKeys, error: unknown): void {
    if (!isFailing) process.stderr.write(`${unwritable(path as string, error)}\n`)
    isFailing = true
    schedule(keys, RETRY_DELAY_MS)
  }

  function schedule(keys: SigningKeys, delayMs: number): void {
    timer ??= setTimeout(() => void save(keys), delayMs).unref()
  }

  function save(keys: SigningKeys): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    writing = writing.then(() => write(keys)).catch((error) => retryLater(keys, error))
    return writing
  }

  return {
    keys: state?.keys,
    async create(keys) {
      try {
        await mkdir(dirname(path), { recursive: true })
        await removeLeftovers(path)
        await write(keys)
      } catch (cause) {
        throw new Error(unwritable(path, cause), { cause })
      }
    },
    saveSoon(keys) {
      if (store.revision() !== savedRevision) schedule(keys, WRITE_DELAY_MS)
    },
    save,
  }
}

/** Replaces the file whole or not at all: a start in the middle of a write must not find half a file. */
async function replaceFile(path: string, text: string): Promise<void> {
  // A name of its own, since two emulators may share a file; readable by its owner only, since it holds secrets.
  const temporary = `${path}.${randomUUID()}.new`
  try {
    await writeFile(temporary, text, { mode: 0o600, flag: 'wx' })
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    throw error
  }
}

/** Removes the files that writes left behind when their process was killed: they hold secrets too. */
async function removeLeftovers(path: string): Promise<void> {
  const [folder, name] = [dirname(path), basename(path)]
  const names = await readdir(folder)
  const leftovers = names.filter((each) => each.startsWith(name) && LEFTOVER.test(each.slice(name.length)))
  for (const leftover of leftovers.map((each) => join(folder, each))) {
    const { mtimeMs } = await stat(leftover).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }))
    if (Date.now() - mtimeMs > MIN_LEFTOVER_AGE_MS) await rm(leftover, { force: true })
  }
}

function unwritable(path: string, error: unknown): string {
  return `Telnyx OAuth emulator: the state file ${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`
}

async function read(path: string): Promise<State | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new Error(`Telnyx OAuth emulator: the state file ${path} cannot be read: ${error.message}`, {
      cause: error,
    })
  })
  if (text === undefined) return undefined
  const state = parse(text)
  if (isState(state)) return state
  throw new Error(
    `Telnyx OAuth emulator: the state file ${path} is not one of this version: delete it, or name another one`,
  )
}

function isState(state: State | undefined): state is State {
  return state?.version === VERSION && Array.isArray(state.clients) && Array.isArray(state.grants)
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

function restore(store: Store, state: State, accountIds: ReadonlySet<string>): void {
  // Clients that the options name win over what was kept of them.
  for (const client of state.clients)
    if (!store.clients.has(client.client_id)) store.clients.set(client.client_id, client)
  for (const [id, grant] of state.grants) store.grants.set(id, grant)
  for (const name of KEPT_MODELS)
    for (const [id, row] of state.models[name] ?? [])
      if (name !== 'Session' || isOf(accountIds, row)) store.model(name).set(id, row)
}

/** oidc-provider takes the user of a remembered sign-in for one that exists. */
function isOf(accountIds: ReadonlySet<string>, { payload }: Row): boolean {
  return payload.accountId === undefined || accountIds.has(payload.accountId)
}
