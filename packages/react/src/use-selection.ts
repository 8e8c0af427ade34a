import type { AuthSnapshot, TelnyxAuth } from '@telnyx-oauth/core'
import { useRef, useSyncExternalStore } from 'react'
import { useTelnyxAuthClient } from './use-auth-client.ts'

type Members = Record<PropertyKey, unknown>

/**
 * The part of the snapshot that `project` shows, or what `select` makes of it, kept in step with the client.
 *
 * A new snapshot renders the component only if it changes the answer. An equal answer keeps its identity, so `select`
 * may be written inline and return a new object.
 *
 * @param isTracked whether only those members of the answer count that the component reads
 */
export function useSelection<State, Selected = State>(
  project: (snapshot: AuthSnapshot, client: TelnyxAuth) => State,
  select: (state: State) => State | Selected = (state) => state,
  isTracked?: boolean,
): State | Selected {
  const client = useTelnyxAuthClient()
  const reads = useRef<Members>({})
  // Only ever reused when it is equal, so a render that React throws away may leave its answer here.
  const last = useRef<State | Selected>(undefined)

  // React calls a reader several times per snapshot and loops if two answers differ, so it selects once from each.
  // Its first answer belongs to a render, which may read more than the last one did: that is compared as a whole.
  const createReader = (read: () => AuthSnapshot) => {
    let seen: AuthSnapshot | undefined
    let answer = last.current as State | Selected
    return () => {
      const snapshot = read()
      if (snapshot !== seen) {
        const next = select(project(snapshot, client))
        if (!isEqual(answer, next, seen && isTracked ? reads.current : undefined))
          answer = last.current = next
        seen = snapshot
      }
      return answer
    }
  }
  const answer = useSyncExternalStore(
    client.subscribe,
    createReader(client.getSnapshot),
    createReader(client.getServerSnapshot),
  )
  if (!isTracked) return answer
  return new Proxy(answer as Members, {
    get(target, name) {
      reads.current[name] = true
      return target[name]
    },
  }) as State
}

/**
 * `Object.is`, and plain objects and arrays are equal when their members are, or those of them that `names` has too.
 * Anything else, an error or a date, is equal to itself only.
 */
export function isEqual(before: unknown, after: unknown, names?: Members): boolean {
  if (!isPlain(before) || !isPlain(after)) return Object.is(before, after)
  return Object.keys(names ?? { ...before, ...after }).every((name) => Object.is(before[name], after[name]))
}

function isPlain(value: unknown): value is Members {
  return ([Object, Array] as unknown[]).includes(value?.constructor)
}
