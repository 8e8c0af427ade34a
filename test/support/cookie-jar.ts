/** Cookies of one browser, as far as an OAuth flow needs them: by name and path, one host. */
export interface CookieJar {
  /** Takes the `Set-Cookie` headers of an answer. */
  store(setCookie: readonly string[]): void
  /** The `Cookie` header for a path. */
  header(path: string): string
}

interface Cookie {
  readonly name: string
  readonly value: string
  readonly path: string
}

export function createCookieJar(): CookieJar {
  const cookies = new Map<string, Cookie>()

  return {
    store(setCookie) {
      for (const line of setCookie) {
        const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
        const [name = '', value = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]
        const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice('path='.length) ?? '/'
        const expires = attributes.find((attribute) => /^expires=/i.test(attribute))?.slice('expires='.length)
        if (expires !== undefined && Date.parse(expires) <= Date.now()) cookies.delete(`${name} ${path}`)
        else cookies.set(`${name} ${path}`, { name, value, path })
      }
    },
    header(path) {
      return [...cookies.values()]
        .filter((cookie) => path === cookie.path || path.startsWith(cookie.path.replace(/\/?$/, '/')))
        .map(({ name, value }) => `${name}=${value}`)
        .join('; ')
    },
  }
}
