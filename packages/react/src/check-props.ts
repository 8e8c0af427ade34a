/** @throws {TypeError} names the mistake: no client, something else, or a client beside options */
export function checkProps({
  children: _,
  client,
  ...options
}: {
  readonly children?: unknown
  readonly client?: unknown
}): void {
  const names = Object.keys(options)
  const problem = problemOf(client, names)
  if (problem) throw new TypeError(`TelnyxAuthProvider: ${problem}`)
}

function problemOf(client: unknown, names: readonly string[]): string | undefined {
  if (client === undefined)
    return names.length > 0
      ? undefined
      : 'the prop "client" is undefined. Is the module that creates it imported in a circle? Without a client, give the options of createTelnyxAuth as props.'
  if (typeof (client as { getSnapshot?: unknown } | null)?.getSnapshot !== 'function')
    return 'the prop "client" must be what createTelnyxAuth() returned. To let the provider create it, give the options as props.'
  return names.length > 0
    ? `the prop "${names[0]}" has no effect beside "client", which has options of its own.`
    : undefined
}
