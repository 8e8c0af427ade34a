import { connectRefreshWorker } from './ports/refresh-worker-client.ts'

/** What {@link sharedWorkerFetch} takes. */
export interface SharedWorkerFetchOptions {
  /**
   * Where the worker's script is served, on this origin. @default the file beside this module, as bundlers that
   * understand `new URL(…, import.meta.url)` copy it
   */
  readonly url?: string | URL
}

const isRefresh = (init: RequestInit | undefined): init is RequestInit & { readonly body: URLSearchParams } =>
  init?.body instanceof URLSearchParams && init.body.get('grant_type') === 'refresh_token'

/**
 * A `fetch` for the option of that name: refresh requests go through a SharedWorker, which outlives the tab that
 * asked as long as another tab of the app is open. A tab that is closed at the wrong moment then loses nothing, not
 * even where the server has rotated the refresh token and knows no grace period. Everything else is the global
 * `fetch`, and so are refresh requests where there is no `SharedWorker` or a policy forbids it.
 *
 * Policies: `worker-src 'self'`; under `require-trusted-types-for 'script'` also `trusted-types telnyx-oauth`.
 */
export function sharedWorkerFetch({ url }: SharedWorkerFetchOptions = {}): typeof globalThis.fetch {
  let connected: ReturnType<typeof connectRefreshWorker> | undefined
  return async (input, init) => {
    if (!isRefresh(init)) return fetch(input, init)
    // `no-inline`: as a data URL the script would belong to no origin.
    const script = url ?? new URL('./ports/refresh-worker.js?no-inline', import.meta.url)
    connected ??= connectRefreshWorker(String(script))
    const send = await connected
    if (!send) return fetch(input, init)
    const headers = Object.fromEntries(new Headers(init.headers))
    return send({ url: String(input), headers, body: String(init.body) })
  }
}
