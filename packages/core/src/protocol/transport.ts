import { type AuthorizationServer, allowInsecureRequests, customFetch } from 'oauth4webapi'

/** The server's metadata (RFC 8414 section 2). */
export type Metadata = AuthorizationServer

/** How a request leaves, and for whom. */
export interface Transport {
  readonly fetch: typeof globalThis.fetch
  readonly clientId: string
  /** Set where `fetch` adds proofs: whether tokens may, or must, come bound to a key (RFC 9449). */
  readonly proves?: 'may' | 'must'
}

/** Request options for oauth4webapi. Plain http is let through here and refused in `metadata.ts`, but for loopback. */
export function requestOptions({ fetch }: Transport): {
  [customFetch]: (url: string, init: object) => Promise<Response>
  [allowInsecureRequests]: true
} {
  // Called through a closure: a detached `window.fetch` with another `this` is an illegal invocation.
  return {
    [customFetch]: (url, init) => fetch(url, init),
    [allowInsecureRequests]: true,
  }
}
