import { connectRefreshWorker } from './ports/refresh-worker-client.ts'

/** What {@link sharedWorkerFetch} takes. */
export interface SharedWorkerFetchOptions {
  /**
   * Where the worker's script is served, on this origin. @default the file beside this module, as bundlers that
   * understand `new URL(…, import.meta.url)` copy it
   */
  readonly url?: string | URL
}

/** So often the worker may fail where the tab itself does not, before it is left alone. */
const mostStrikes = 2

const isRefresh = (init: RequestInit | undefined): init is RequestInit & { readonly body: URLSearchParams } =>
  init?.body instanceof URLSearchParams && init.body.get('grant_type') === 'refresh_token'

/**
 * A `fetch` for the option of that name: refresh requests go through a SharedWorker, which outlives the tab that
 * asked as long as another tab of the app is open. A tab that is closed at the wrong moment then loses nothing, not
 * even where the server has rotated the refresh token and knows no grace period. Everything else is the global
 * `fetch`, and so are refresh requests where there is no such worker, or a policy forbids it, or it does not work.
 *
 * Connects at once: a tab that never had to refresh keeps the worker alive for those that do.
 *
 * Policies: `worker-src 'self'`; under `require-trusted-types-for 'script'` also `trusted-types telnyx-oauth`. The
 * policy that the worker's script is served with must let it `connect-src` to the token endpoint.
 */
export function sharedWorkerFetch({ url }: SharedWorkerFetchOptions = {}): typeof globalThis.fetch {
  // `no-inline`: as a data URL the script would belong to no origin.
  const script = url ?? new URL('./ports/refresh-worker.js?no-inline', import.meta.url)
  const worker = connectRefreshWorker(String(script))
  let hasJustFailed = false
  let strikes = 0
  return async (input, init) => {
    if (!isRefresh(init)) return fetch(input, init)
    const isTrusted = !hasJustFailed && strikes < mostStrikes
    if (isTrusted && (await worker.isThere())) {
      const { url: target, headers } = new Request(input, init)
      const request = { url: target, headers: Object.fromEntries(headers), body: String(init.body) }
      hasJustFailed = true
      const response = await worker.send(request)
      hasJustFailed = false
      strikes = 0
      return response
    }
    // The next try after a failure goes without the worker, and tells whether it was to blame.
    const isTrial = hasJustFailed
    hasJustFailed = false
    const response = await fetch(input, init)
    if (isTrial) strikes += 1
    return response
  }
}
