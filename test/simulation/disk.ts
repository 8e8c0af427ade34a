import type { StoragePort } from '../../packages/core/src/ports/storage.ts'
import type { Actor, World } from './world.ts'

/** What a failing disk does to one operation. */
export type DiskFault =
  | 'read fails'
  | 'write fails before it began'
  | 'write fails when it commits'
  | 'write happens but is reported as failed'
  | 'write is tried again'
  | 'operation is slow'

/** What is told of every record that was written. */
export interface Write {
  readonly actor: Actor
  readonly key: string
  readonly before: unknown
  readonly after: unknown
  /** Whether it is on the disk now; else its commit failed. */
  readonly isStored: boolean
  /** Whether its writer is told so. */
  readonly isConfirmed: boolean
  /** Whether that is the last word: the port may try again by itself. */
  readonly isFinal: boolean
}

/** Deliberate defects, to show that they are noticed. */
export interface DiskDefects {
  /** An update writes what it made of an earlier read. */
  readonly withoutCompareAndSwap?: boolean
  /** What would be a tombstone is a deletion. */
  readonly withoutTombstones?: boolean
}

/** The records of one browser. */
export interface Disk {
  readonly get: (key: string) => unknown
  readonly portFor: (actor: Actor) => StoragePort
  readonly clear: () => void
}

export interface DiskOptions {
  readonly latencyMs: () => number
  readonly fault: (actor: Actor, isWrite: boolean) => DiskFault | undefined
  readonly onWrite: (write: Write) => void
  readonly defects: DiskDefects
}

/** Every operation of the real port has an end: two goes of three seconds each. */
export const longestOperationMs = 6000

const isTombstone = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'ended' in value

/** Shared by everyone who reads it, so nobody may change it. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const part of Object.values(value)) frozen(part)
  return Object.freeze(value)
}

/** What a database hands out is a copy: nobody may rely on its identity. */
const copied = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? Object.freeze({ ...value }) : value

export function createDisk(world: World, { latencyMs, fault, onWrite, defects }: DiskOptions): Disk {
  const records = new Map<string, unknown>()

  const write = (result: Write) => {
    const { key, after, isStored } = result
    const isRemoved = defects.withoutTombstones && isTombstone(after)
    if (isStored && isRemoved) records.delete(key)
    else if (isStored) records.set(key, frozen(after))
    onWrite(result)
  }

  const portFor = (actor: Actor): StoragePort => {
    // As in IndexedDB: the operations of one page happen in their order, their results arrive in any.
    const waiting: (() => void)[] = []
    const enqueue = (what: string, isSlow: boolean, run: () => void) => {
      waiting.push(run)
      const delayMs = isSlow ? world.random.between(500, longestOperationMs - 500) : latencyMs()
      world.later(actor, what, delayMs, () => waiting.shift()?.())
    }
    const deliver = (what: string, run: () => void) => void world.later(actor, what, latencyMs(), run)
    const fail = (what: string, reject: (error: Error) => void) =>
      deliver(`${what} fails`, () => reject(new Error('the disk is broken')))

    const read = (key: string) =>
      new Promise<unknown>((resolve, reject) => {
        const kind = fault(actor, false)
        enqueue(`reads ${name(key)}`, kind === 'operation is slow', () => {
          const stored = copied(records.get(key))
          if (kind === 'read fails') fail('read', reject)
          else deliver('has read', () => resolve(stored))
        })
      })

    const update = (key: string, change: (stored: unknown) => unknown) =>
      new Promise<boolean>((resolve, reject) => {
        const kind = fault(actor, true)
        const go = (goKind: DiskFault | undefined) => {
          if (goKind === 'write fails before it began') return fail('update', reject)
          const before = records.get(key)
          const after = change(copied(before))
          if (goKind === 'write is tried again') {
            if (after !== undefined)
              write({ actor, key, before, after, isStored: false, isConfirmed: false, isFinal: false })
            return enqueue(`updates ${name(key)} again`, false, () => go(undefined))
          }
          if (after === undefined) return deliver('has updated nothing', () => resolve(false))
          const finish = () => {
            const isStored = goKind !== 'write fails when it commits'
            const isConfirmed = !goKind?.startsWith('write ')
            write({ actor, key, before, after, isStored, isConfirmed, isFinal: true })
            if (goKind?.startsWith('write ')) fail('update', reject)
            else deliver(`has updated ${name(key)}`, () => resolve(true))
          }
          if (defects.withoutCompareAndSwap) world.later(actor, 'writes', latencyMs() + 1, finish)
          else finish()
        }
        enqueue(`updates ${name(key)}`, kind === 'operation is slow', () => go(kind))
      })

    return { kind: 'indexeddb', read, update, close: () => {} }
  }
  return { get: (key) => records.get(key), portFor, clear: () => records.clear() }
}

/** The kind of record that a key names, for the trace. */
function name(key: string): string {
  if (isSessionKey(key)) return 'the session'
  return key.endsWith('transactions') ? 'transactions' : 'metadata'
}

/** A session key is a JSON array; transactions add a word to it, metadata have a name of their own. */
export const isSessionKey = (key: string): boolean => key.startsWith('[') && key.endsWith(']')
