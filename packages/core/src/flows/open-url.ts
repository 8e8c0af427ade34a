import type { Context } from '../context.ts'
import { TelnyxAuthError } from '../errors.ts'
import { type Transaction, transactionLifetimeMs } from '../model/transaction.ts'
import { listenToPopup } from '../ports/popup-listener.ts'
import { patienceMs } from '../ports/popup-report.ts'
import type { OpenUrl } from '../telnyx-auth.ts'
import { keepAppState } from './app-state.ts'
import { publishSession } from './session/publish-session.ts'
import { syncSession } from './session/sync-session.ts'

/** A sign-in that leaves another way than by this page. */
export interface OpenedSignIn {
  readonly url: string
  readonly state: string
  readonly transaction: Transaction
  readonly openUrl: OpenUrl
  readonly signal: AbortSignal | undefined
}

/**
 * Lets the app take the user to the server, and waits until the session is here: finished by this page or by another one
 * of this storage. The report of a page that finishes late is still acknowledged: it closes then.
 *
 * @throws {TelnyxAuthError} what the other page reports; `transaction_not_found`: it is too late for a response;
 *   `storage_failed`: this page cannot read the session that the other one speaks of
 * @throws what `openUrl` throws, or the reason of `signal`
 */
export async function openAndWait(context: Context, given: OpenedSignIn): Promise<void> {
  const { state: tab, clock, snapshots } = context
  const { url, state, transaction, openUrl, signal } = given
  const before = tab.session.current?.sessionId
  const newSessionId = () => {
    const { current } = tab.session
    return current?.sessionId === before ? undefined : current?.sessionId
  }
  tab.opened ??= new Map()
  const { opened } = tab
  const waiting = new AbortController()
  let stopWatching = () => {}
  const ended = new Promise<void>((resolve, reject) => {
    // The page that has brought the session reports that next; it may have been closed before.
    stopWatching = snapshots.subscribe(() => newSessionId() && clock.setTimer(patienceMs, resolve))
    const settle = (error: TelnyxAuthError | undefined) => {
      stopListening()
      cancelTimer()
      if (error) reject(error)
      else resolve()
    }
    const stopListening = listenToPopup(state, (outcome) =>
      settle(outcome && new TelnyxAuthError(outcome.code, { server: outcome.server, phase: 'callback' })),
    )
    const cancelTimer = clock.setTimer(transactionLifetimeMs, () =>
      settle(new TelnyxAuthError('transaction_not_found')),
    )
    opened.set(state, settle)
    signal?.addEventListener('abort', () => reject(signal.reason), { signal: waiting.signal })
    Promise.resolve({ state, signal: waiting.signal })
      .then((given) => openUrl(url, given))
      .catch(reject)
  })
  const failure = await ended.then(
    () => undefined,
    (error: unknown) => ({ error }),
  )
  opened.delete(state)
  stopWatching()
  waiting.abort()
  // Read even after a failure: a window that was closed before it could report may have come that far.
  const cause = await syncSession(context).catch((error: unknown) => error)
  const sessionId = newSessionId()
  if (!sessionId)
    throw failure ? failure.error : new TelnyxAuthError('storage_failed', { phase: 'sign-in', cause })
  keepAppState(context, sessionId, transaction)
  publishSession(context)
}
