/** Whether `url` is safe to talk to: https, or http to this machine (RFC 8252 section 8.3). */
export function isSecureUrl(url: URL): boolean {
  return (
    url.protocol === 'https:' ||
    (url.protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname))
  )
}

/** Parses without throwing. */
export function parseUrl(input: unknown, base?: string): URL | undefined {
  return typeof input === 'string' && URL.canParse(input, base) ? new URL(input, base) : undefined
}

/**
 * Those of `prefixes` that cover `url`: they have its exact origin, and a path that covers it on
 * segment boundaries, so that `/v2` is not `/v2evil`.
 */
export function prefixesOf(url: URL | undefined, prefixes: readonly URL[]): readonly URL[] {
  if (!url || !isSecureUrl(url) || url.username || url.password) return []
  return prefixes.filter(({ origin, pathname }) => {
    const folder = pathname.replace(/\/*$/, '/')
    return origin === url.origin && `${url.pathname}/`.startsWith(folder)
  })
}
