/**
 * The path, query and fragment of `target` if it stays on `origin`, else `undefined`: the only defence against
 * being an open redirector, so it looks at the result as well as at the input.
 *
 * @see RFC 9700 section 4.11.1
 */
export function sameOriginPath(target: string, origin: string): string | undefined {
  if (!target.startsWith('/') || !URL.canParse(target, origin)) return undefined
  const url = new URL(target, origin)
  const path = url.pathname + url.search + url.hash
  // `/.//evil.example` parses to a path that a browser would read as another host.
  return url.origin === origin && !path.startsWith('//') ? path : undefined
}
