import type { Context } from './context.ts'
import type { TelnyxAuthError } from './errors.ts'
import { markBehind } from './flows/session/read-sequence.ts'
import { restore } from './flows/session/restore.ts'
import { syncSession } from './flows/session/sync-session.ts'
import { pending } from './session.ts'

/** The beginning of a client, and the listeners that are open while it runs. */
export interface Lifecycle {
  /** Begins, or begins again after `dispose`. Resolves when it is known whether a user is signed in. */
  readonly start: () => Promise<void>
  /** Listens to other tabs and to the page, unless this client does so already. */
  readonly listen: () => void
  /** Reads what other tabs stored, then does what is due. */
  readonly wake: () => void
  readonly dispose: () => void
}

/** Finishes a callback, or restores the stored session. The URLs alone tell whether the code of callbacks is needed. */
async function begin(context: Context): Promise<void> {
  const { page } = context
  // Both before anything else: a router may have replaced the URL already, or does so while the code is loaded.
  const urls = [page.href(), page.loadedUrl()]
  let failure: TelnyxAuthError | undefined
  if (/[?&](code|error|state)=/.test(urls.join())) {
    try {
      // Listens from here on: an exchange takes long enough to miss something.
      const { finishCallback } = await context.loadServerFlows()
      if (await finishCallback(context, urls)) return
    } catch (error) {
      // Nothing was claimed yet and the response is still in the URL: a reload goes on where this stopped.
      failure = error as TelnyxAuthError
    }
  }
  await restore(context, failure)
  if (failure) context.emit({ type: 'sign-in-failed', code: failure.code })
}

/** Listens to other tabs and to the page. @returns stop */
function listenTo(context: Context, onChange: () => void, onWake: () => void): () => void {
  const { options, channel, page } = context
  channel.listen(onChange)
  const onResume = () => {
    channel.listen(onChange)
    onWake()
  }
  const stops = [
    // A frozen page still gets messages, but no results from IndexedDB: it would begin to read, never end, and with its
    // open transaction keep every other tab from writing.
    page.onWake(onResume, channel.close),
    channel.close,
  ]
  const onActivity = () =>
    void context
      .loadServerFlows()
      .then(({ recordActivity }) => recordActivity(context))
      .catch(() => {})
  if (options.idleTimeoutMs < Infinity) stops.push(page.onActivity(onActivity))
  return () => {
    for (const stop of stops) stop()
  }
}

/** Opens and closes what a running client needs, as often as it is asked to. */
export function createLifecycle(context: Context): Lifecycle {
  const { state, clock, storage, transactions, snapshots } = context
  let begun: Promise<void> | undefined
  let stopListening: (() => void) | undefined
  let stopFollowing = () => {}
  const onceStarted = (run: () => void) => () => {
    if (snapshots.getSnapshot() === pending) markBehind(context)
    else run()
  }
  const onChange = onceStarted(() => void syncSession(context).catch(() => {}))
  const wake = () =>
    void context
      .loadServerFlows()
      .then(
        (flows) => flows.wake(context),
        () => syncSession(context),
      )
      .catch(() => {})
  const onWake = onceStarted(wake)
  const listen = () => {
    if (state.isRunning) stopListening ??= listenTo(context, onChange, onWake)
  }
  /**
   * Work deferred until after start-up: opening the channel or importing the server flows first would slow a cold start
   * by up to a third of an IndexedDB read.
   */
  const follow = (hasListened: boolean) => {
    listen()
    context.options.fetch?.report?.(context.emit)
    // Messages that came before this tab listened, or while it started, stand for a record in the store.
    if (!hasListened || state.reads.isBehind) onWake()
    // Asked for while the page is still loading: a refresh must not wait for it, least of all offline.
    void context.loadServerFlows().catch(() => {})
  }
  const resume = async () => {
    listen()
    await begun
    // Other tabs may have gone on meanwhile, and the disk may work again.
    wake()
    if (state.session.replaces) (await context.loadServerFlows()).keepUnsaved(context)
  }
  return {
    start: (): Promise<void> => {
      if (state.isRunning && begun) return begun
      state.isRunning = true
      if (begun) {
        void resume().catch(() => {})
        return begun
      }
      begun = begin(context).finally(snapshots.release)
      const hasListened = stopListening !== undefined
      void begun.then(() => {
        if (state.isRunning) stopFollowing = clock.setTimer(0, () => follow(hasListened))
      })
      return begun
    },
    listen,
    wake,
    dispose: (): void => {
      state.isRunning = false
      state.cancelTimer()
      stopListening?.()
      stopListening = undefined
      stopFollowing()
      storage.close()
      transactions.close()
    },
  }
}
