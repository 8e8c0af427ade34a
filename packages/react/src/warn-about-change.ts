import type { TelnyxAuth, TelnyxAuthOptions } from '@telnyx-oauth/core'

const warned = new WeakSet<TelnyxAuth>()

/** Says, once per client, that a prop changed after the client was made and that this has no effect. */
export function warnAboutChange(
  client: TelnyxAuth,
  before: TelnyxAuthOptions,
  after: TelnyxAuthOptions,
): void {
  const names = Object.keys({ ...before, ...after }) as (keyof TelnyxAuthOptions)[]
  const name = names.find((each) => !isSameOption(before[each], after[each]))
  if (!name || warned.has(client)) return
  warned.add(client)
  // biome-ignore lint/suspicious/noConsole: the developer is the one to tell
  console.warn(
    `TelnyxAuthProvider: the prop "${name}" changed after the first render, which has no effect. A client keeps its options: give the provider another "key" to start over.`,
  )
}

// What is written inline in JSX is new in every render. Functions cannot be told apart, arrays and metadata are
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
