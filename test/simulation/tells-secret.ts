/** Tokens and codes of the simulated server. */
const secret = /\b(?:access|refresh|code)-\d+\b/

/** Whether a log that keeps `what` would hold one. Verifiers look like any other random text: those, other suites find. */
export function tellsSecret(what: unknown): boolean {
  if (!(what instanceof Error)) return secret.test(JSON.stringify(what) ?? '')
  const { name, message, cause } = what
  return (
    secret.test(`${name} ${message} ${JSON.stringify(what)}`) || (cause !== undefined && tellsSecret(cause))
  )
}
