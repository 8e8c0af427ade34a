import type { createClient } from '../../packages/core/src/client.ts'
import type { Ports } from '../../packages/core/src/context.ts'
import { type Mutation, replacing } from './mutation.ts'

/** Breaks a client from outside: some of its ports do something else than they promise. */
export const lyingPorts = (lie: (ports: Ports) => Partial<Ports>): Mutation =>
  replacing<typeof createClient>(
    'createClient',
    (original) =>
      ({ fetch, ...options }, createPorts) =>
        original({ ...options, fetch: undefined }, (...given) => {
          const ports = createPorts(...given)
          const honest = fetch ? { ...ports, fetch } : ports
          return { ...honest, ...lie(honest) }
        }),
  )

/** A request on its way to a server. */
export interface Outgoing {
  readonly url: URL
  readonly headers: Headers
  /** Empty where the request has no form. */
  readonly form: URLSearchParams
}

/** Changes what a client sends. */
export const sendingWith = (change: (request: Outgoing) => void): Mutation =>
  lyingPorts(({ fetch }) => ({
    fetch: (input, init = {}) => {
      if (input instanceof Request) return fetch(input, init)
      const { body } = init
      const hasForm = body instanceof URLSearchParams
      const request = {
        url: new URL(String(input)),
        headers: new Headers(init.headers),
        form: new URLSearchParams(hasForm ? body : ''),
      }
      change(request)
      const { url, headers, form } = request
      return fetch(url, { ...init, headers, ...(hasForm && { body: form }) })
    },
  }))
