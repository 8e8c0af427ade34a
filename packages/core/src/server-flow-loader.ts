import type { Context } from './context.ts'
import { TelnyxAuthError } from './errors.ts'
import { publishSession } from './flows/session/publish-session.ts'
import { requireLiveSession } from './flows/session/sync-session.ts'
import { endsAtMs } from './model/lifetime.ts'
import { renewAtMs } from './model/tokens.ts'

/** The earliest next attempt after one that failed. */
const minRetryMs = 1000
/** The next attempt that no caller asked for. */
const maxWaitMs = 60_000

/** The code that refreshes, and the timer of the tab. */
export type ServerFlowLoader = Pick<Context, 'loadServerFlows' | 'rearm'>

/** @param listen called first: a tab that talks to the server hears what other tabs store meanwhile */
export function createServerFlowLoader(
  context: Context,
  listen: () => void,
  importFlows: () => Promise<typeof import('./server-flows.ts')> = () => import('./server-flows.ts'),
): ServerFlowLoader {
  const { state, clock, options } = context
  let flows: Awaited<ReturnType<Context['loadServerFlows']>> | undefined
  let failed: { readonly error: TelnyxAuthError; readonly atMs: number } | undefined
  /** Shows that the session is stale, as after any other refresh that failed. */
  const showFailure = (error: TelnyxAuthError) => {
    const { current } = state.session
    const now = clock.now()
    if (!current?.refreshToken || now < renewAtMs(current, options.refreshAheadMs)) return
    state.refresh.error = error
    publishSession(context)
  }
  const loadServerFlows: Context['loadServerFlows'] = async () => {
    listen()
    if (flows) return flows
    if (failed && clock.elapsedMs() - failed.atMs < minRetryMs) throw failed.error
    try {
      flows = await importFlows()
    } catch (cause) {
      const error = new TelnyxAuthError('network_error', { subject: 'chunk', cause })
      failed = { error, atMs: clock.elapsedMs() }
      showFailure(error)
      throw error
    }
    rearm()
    return flows
  }
  /** Until the code is here: shows what time does to the session, and asks for the code again. */
  const look = () => {
    requireLiveSession(context)
      .then(() => publishSession(context))
      .then(loadServerFlows)
      .catch(() => {})
    rearm()
  }
  const rearm = () => {
    if (flows) return flows.scheduleRefresh(context)
    const { current } = state.session
    state.cancelTimer()
    if (!current || !state.isRunning) return
    const now = clock.now()
    const dueAtMs = [
      renewAtMs(current, options.refreshAheadMs),
      current.token.expiresAtMs,
      endsAtMs(current, options),
    ]
    const nextAtMs = Math.min(now + maxWaitMs, ...dueAtMs.filter((atMs) => atMs > now))
    state.cancelTimer = clock.setTimer(nextAtMs - now, look)
  }
  return { loadServerFlows, rearm }
}
