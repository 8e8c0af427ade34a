type Described = Readonly<Record<string, unknown>>

/** Everything that an error holds, its causes included, as a log would keep it. */
export function describeError(error: unknown): Described {
  if (!(error instanceof Error)) return { thrown: String(error) }
  const { name, message, stack, cause } = error
  return { ...error, name, message, stack, ...(cause !== undefined && { cause: describeError(cause) }) }
}
