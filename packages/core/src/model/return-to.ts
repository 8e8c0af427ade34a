/**
 * The path, query and fragment of `target` if it stays on the origin of `base`, else `undefined`: the only defence against
 * being an open redirector, so it looks at the result as well as at the input.
 *
 * @see RFC 9700 section 4.11.1
 */
export function sameOriginPath(target: string, base: string): string | undefined {
  if (!target.startsWith('/') || !URL.canParse(target, base)) return undefined
  const url = new URL(target, base)
  const path = url.pathname + url.search + url.hash
  // `/.//evil.example` parses to a path that a browser would read as another host.
  // Not by its origin: that of an app in a web view (`capacitor:`, `file:`) has no name.
  return new URL('/', url).href === new URL('/', base).href && !/^\/[/\\]/.test(path) ? path : undefined
}
