/** A network of several servers: each request goes to that of its origin. */
export function routeByOrigin(
  servers: Readonly<Record<string, typeof globalThis.fetch>>,
): typeof globalThis.fetch {
  return async (input, init) => {
    const { origin } = new URL(input instanceof Request ? input.url : input)
    const server = servers[origin]
    if (!server) throw new TypeError(`Failed to fetch: there is no ${origin}`)
    return server(input, init)
  }
}
