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
 * Whether some servers read `pathname` as leading upwards: they decode `%2f` and `%5c` (with a proxy before them even
 * twice), or cut `;` and what follows off a segment.
 */
function isTraversal(pathname: string): boolean {
  const decoded = pathname
    .replace(/%(25)+/g, '%')
    .replace(/%2e/gi, '.')
    .replace(/%2f|%5c/gi, '/')
  return /\/\.\.([;%/]|$)/.test(decoded)
}

/**
 * Those of `prefixes` that cover `url`: they have its exact origin, and a path that covers it on segment boundaries, so
 * that `/v2` is not `/v2evil`. A path covers no encoded traversal, such as `/v2/..%2fadmin`.
 */
export function prefixesOf(url: URL | undefined, prefixes: readonly URL[]): readonly URL[] {
  if (!url || !isSecureUrl(url) || url.username || url.password) return []
  return prefixes.filter(({ origin, pathname }) => {
    const folder = pathname.replace(/\/*$/, '/')
    if (origin !== url.origin || !`${url.pathname}/`.startsWith(folder)) return false
    return folder === '/' || !isTraversal(url.pathname)
  })
}

/**
 * The redirect URI that servers receive: unchanged if the app gave an absolute one, because servers compare strings.
 *
 * @see RFC 9700 section 4.1.3
 */
export const absoluteRedirectUri = (given: string, origin: string): string =>
  parseUrl(given) ? given : new URL(given, origin).href
