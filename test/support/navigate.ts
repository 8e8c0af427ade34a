import { request } from 'node:http'

/** Cookies of one browser, as far as an OAuth flow needs them: by name and path, one host. */
export interface CookieJar {
  /** Takes the `Set-Cookie` headers of a response. */
  store(setCookie: readonly string[]): void
  /** The `Cookie` header for a path. */
  header(path: string): string
}

export function createCookieJar(): CookieJar {
  const cookies = new Map<string, { readonly pair: string; readonly path: string }>()
  return {
    store(setCookie) {
      for (const line of setCookie) {
        const [pair = '', ...attributes] = line.split(/; */)
        const attribute = (name: string) =>
          attributes.find((one) => one.toLowerCase().startsWith(name))?.slice(name.length)
        const path = attribute('path=') ?? '/'
        const key = `${pair.slice(0, pair.indexOf('='))} ${path}`
        const expires = attribute('expires=')
        if (expires !== undefined && Date.parse(expires) <= Date.now()) cookies.delete(key)
        else cookies.set(key, { pair, path })
      }
    },
    header: (at) =>
      [...cookies.values()]
        .filter(({ path }) => at === path || at.startsWith(path.replace(/\/?$/, '/')))
        .map(({ pair }) => pair)
        .join('; '),
  }
}

/** An answer to a navigation. */
export interface PageAnswer {
  readonly status: number
  readonly url: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  readonly location: string | undefined
}

/** A browser reduced to navigating: `fetch` of Node always says it is a CORS request, this does not. */
export interface Navigator {
  get(url: string): Promise<PageAnswer>
  post(url: string, form: Readonly<Record<string, string>>): Promise<PageAnswer>
  /** Follows redirects for as long as they stay on the origin of `url`. */
  follow(url: string): Promise<PageAnswer>
}

export function createNavigator(jar: CookieJar = createCookieJar()): Navigator {
  function send(method: string, url: string, body?: string): Promise<PageAnswer> {
    const { pathname } = new URL(url)
    const cookie = jar.header(pathname)
    const headers = {
      accept: 'text/html',
      ...(cookie === '' ? {} : { cookie }),
      ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    }
    return new Promise((resolve, reject) => {
      const sent = request(url, { method, headers, agent: false }, (response) => {
        jar.store(response.headers['set-cookie'] ?? [])
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const { location } = response.headers
          resolve({
            status: response.statusCode ?? 0,
            url,
            headers: response.headers,
            text: Buffer.concat(chunks).toString('utf8'),
            location: location === undefined ? undefined : new URL(location, url).href,
          })
        })
      })
      sent.on('error', reject)
      sent.end(body)
    })
  }

  async function follow(url: string): Promise<PageAnswer> {
    const answer = await send('GET', url)
    const { location } = answer
    if (location === undefined || new URL(location).origin !== new URL(url).origin) return answer
    return follow(location)
  }

  return {
    get: (url) => send('GET', url),
    post: (url, form) => send('POST', url, new URLSearchParams(form).toString()),
    follow,
  }
}
