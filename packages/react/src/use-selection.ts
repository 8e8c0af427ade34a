'use client'

import type { AuthSnapshot, TelnyxAuth } from '@telnyx-oauth/core'
import { useState, useSyncExternalStore } from 'react'
import { useTelnyxAuthClient } from './use-auth-client.ts'

/** Derives the state that a hook shows, the same object for every reader of a client. */
export type StateOf<State> = (client: TelnyxAuth, snapshot: AuthSnapshot) => State

const keepEqual = <Value>(before: Value, next: Value): Value => (isEqual(before, next) ? before : next)

/** Derives a state once per client and snapshot; an equal one keeps its identity. */
export function createStateOf<State>(
  project: (snapshot: AuthSnapshot, client: TelnyxAuth) => State,
): StateOf<State> {
  const latest = new WeakMap<TelnyxAuth, readonly [AuthSnapshot, State]>()
  return (client, snapshot) => {
    const [seen, before] = latest.get(client) ?? []
    if (snapshot === seen) return before as State
    const state = keepEqual(before as State, project(snapshot, client))
    latest.set(client, [snapshot, state])
    return state
  }
}

/**
 * The state that `stateOf` derives from the snapshot, or what `select` makes of it, kept in step with the client.
 *
 * A new snapshot renders the component only if it changes the result. An equal selection keeps its identity, so `select`
 * may be written inline and return a new object.
 */
export function useSelection<State, Selected = State>(
  stateOf: StateOf<State>,
  select?: (state: State) => Selected,
): State | Selected {
  const client = useTelnyxAuthClient()
  // Reused only where it is equal, so a render that React throws away may leave its selection here.
  const [last] = useState<[Selected?]>([])
  // React calls a reader several times per snapshot and loops if two results differ: it selects once from each state.
  const createReader = (read: () => AuthSnapshot) => {
    let seen: State | undefined
    let selected: Selected
    return () => {
      const state = stateOf(client, read())
      if (!select) return state
      if (state !== seen) selected = last[0] = keepEqual(last[0] as Selected, select(state))
      seen = state
      return selected
    }
  }
  return useSyncExternalStore(
    client.subscribe,
    createReader(client.getSnapshot),
    createReader(client.getServerSnapshot),
  )
}

/**
 * `Object.is`; plain objects and arrays of one kind are equal when they have the same members. An instance of a class, an
 * error or a date, is equal to itself only.
 */
export function isEqual(before: unknown, after: unknown): boolean {
  const kind = (before as Members | undefined)?.constructor
  const isPlain = (kind === Object || kind === Array) && (after as Members | undefined)?.constructor === kind
  return isPlain ? haveEqualMembers(before as Members, after as Members) : Object.is(before, after)
}

type Members = Record<string, unknown>

function haveEqualMembers(before: Members, after: Members): boolean {
  return Object.keys({ ...before, ...after }).every(
    (name) => name in before && name in after && Object.is(before[name], after[name]),
  )
}
