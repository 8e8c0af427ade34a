'use client'

import type { TelnyxAuth, TelnyxAuthOptions } from '@telnyx-oauth/core'
import { useEffect, useRef } from 'react'

const warned = new WeakSet<TelnyxAuth>()

/** Warns, once per client, of a prop that changed after the client was made: that has no effect. */
export function useChangeWarning(client: TelnyxAuth, options: TelnyxAuthOptions): void {
  const latest = useRef(options)
  useEffect(() => {
    const before = latest.current
    latest.current = options
    const names = Object.keys({ ...before, ...options }) as (keyof TelnyxAuthOptions)[]
    const name = names.find((each) => !isSameOption(before[each], options[each]))
    if (!name || warned.has(client)) return
    warned.add(client)
    // biome-ignore lint/suspicious/noConsole: the developer is the one to tell
    console.warn(
      `TelnyxAuthProvider: the prop "${name}" changed after the first render, which has no effect. A client keeps its options: give the provider another "key" to start over.`,
    )
  })
}

// Values that are written inline in JSX are new in every render. Functions cannot be told apart, arrays and metadata are
// compared by value; a storage port is an object of functions and has only its identity.
function isSameOption(before: unknown, after: unknown): boolean {
  if (Object.is(before, after) || (typeof before === 'function' && typeof after === 'function')) return true
  return isData(before) && isData(after) && JSON.stringify(before) === JSON.stringify(after)
}

function isData(value: unknown): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((member) => typeof member !== 'function')
  )
}
