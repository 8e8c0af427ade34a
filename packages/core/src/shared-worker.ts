import { connectRefreshWorker, type WorkerReport } from './ports/refresh-worker-client.ts'

/** Options of {@link sharedWorkerFetch}. */
export interface SharedWorkerFetchOptions {
  /**
   * URL of the worker's script, `@telnyx-oauth/core/refresh-worker.js`, on this origin. @default the file beside this
   * module, as bundlers that understand `new URL(…, import.meta.url)` copy it
   */
  readonly url?: string | URL
}

/** The number of times that the worker may fail where the tab itself does not. */
const maxStrikes = 2

const isRefresh = (init: RequestInit | undefined): init is RequestInit & { readonly body: URLSearchParams } =>
  init?.body instanceof URLSearchParams && init.body.get('grant_type') === 'refresh_token'

/**
 * A `fetch` for the option of that name: refresh requests go through a SharedWorker. A page that is reloaded or closed
 * while its refresh is out loses nothing, not even if the server has rotated the refresh token and has no grace
 * period: the worker keeps the response for the page that comes next. It outlives the page as long as another tab of
 * the app is open; where browsers have `extendedLifetime` (Chromium), for some seconds without one.
 *
 * Connects at once, and decides once per page whether the worker works. If not, requests go through the global `fetch`
 * as without it; the client emits `shared-worker-unavailable`, and `diagnose()` says what to do.
 *
 * Policies: `worker-src 'self'`; under `require-trusted-types-for 'script'` also `trusted-types telnyx-oauth`. The
 * policy that the worker's script is served with must let it `connect-src` to the token endpoint.
 */
export function sharedWorkerFetch({
  url,
}: SharedWorkerFetchOptions = {}): typeof globalThis.fetch & WorkerReport {
  const worker = connectRefreshWorker(() =>
    // `no-inline`: as a data URL the script would belong to no origin.
    String(url ?? new URL('./ports/refresh-worker.js?no-inline', import.meta.url)),
  )
  let hasJustFailed = false
  let strikes = 0
  const send: typeof globalThis.fetch = async (input, init) => {
    if (!isRefresh(init)) return fetch(input, init)
    const connection = hasJustFailed ? undefined : await worker.connection()
    if (connection) {
      const { url: target, headers } = new Request(input, init)
      hasJustFailed = true
      const request = { url: target, headers: Object.fromEntries(headers), body: String(init.body) }
      const response = await connection.send(request)
      hasJustFailed = false
      strikes = 0
      if (response) return response
      worker.giveUp('unreachable')
    }
    // The next try after a failure goes without the worker, and tells whether it was to blame.
    const isTrial = hasJustFailed
    hasJustFailed = false
    const response = await fetch(input, init)
    if (isTrial) strikes += 1
    if (strikes === maxStrikes) worker.giveUp('unreachable')
    return response
  }
  return Object.assign(send, { report: worker.report, problem: worker.problem })
}
