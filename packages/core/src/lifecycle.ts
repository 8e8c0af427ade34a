import type { Context } from './context.ts'
import type { TelnyxAuthError } from './errors.ts'
import { noteActivity } from './flows/activity.ts'
import { announce, reread, showSignedOut } from './flows/adopt.ts'
import { restore } from './flows/restore.ts'
import { statePrefix } from './model/state-prefix.ts'
import type { ChannelMessage } from './ports/channel.ts'
import { wake } from './renewal.ts'

/** When a client begins, and what is open while it runs. */
export interface Lifecycle {
  /** Begins, or begins again after `dispose`. Resolves when it is known whether somebody is signed in. */
  readonly start: () => Promise<void>
  /** Listens to other tabs and to the page, unless this client does so already. */
  readonly listen: () => void
  readonly dispose: () => void
}

/**
 * Finishes a callback, or restores the stored session. The URL alone tells whether callbacks' code is needed.
 *
 * @param listen called before an exchange, which takes long enough to miss something
 */
async function begin(context: Context, listen: () => void): Promise<void> {
  if (context.page.href().includes(`state=${statePrefix}`)) {
    listen()
    try {
      const { finishCallback } = await context.engine()
      if (await finishCallback(context)) return
    } catch (error) {
      // Nothing was claimed yet and the answer is still in the URL: a reload goes on where this stopped.
      showSignedOut(context, error as TelnyxAuthError)
      return
    }
  }
  await restore(context)
}

/** Looks at the store for what another tab told of. */
function hear(context: Context, message: ChannelMessage): void {
  const { state, clock } = context
  const { held, unsaved, heard } = state
  // The same number may be another write: of a sign-out, while this tab could not store its own.
  if (message.epoch === held?.epoch && message.generation < held.generation) {
    // Whoever is behind finds in the store what there is, but not what only this tab has.
    if (unsaved) announce(context, unsaved)
    return
  }
  // An owner that asks for others says a past generation: what it has it said before.
  const isPast = heard?.epoch === message.epoch && message.generation < heard.generation
  if (!isPast) state.heard = { ...message, heardAtMs: clock.elapsedMs() }
  void reread(context).catch(() => {})
}

/** Listens to other tabs and to the page. @returns stop */
function listenTo(context: Context): () => void {
  const { options, channel, page } = context
  const listener = (message: ChannelMessage) => hear(context, message)
  const onWake = () => {
    channel.listen(listener)
    void wake(context)
  }
  channel.listen(listener)
  const stops = [
    // A frozen page still gets messages, but no answers from IndexedDB: it would begin to read, never end, and with its
    // open transaction keep every other tab from writing.
    page.onWake(onWake, channel.close),
    channel.close,
  ]
  if (options.idleTimeoutMs < Infinity) stops.push(page.onActivity(() => void noteActivity(context)))
  return () => {
    for (const stop of stops) stop()
  }
}

/** Opens and closes what a running client needs, as often as it is asked to. */
export function createLifecycle(context: Context): Lifecycle {
  const { state, clock, storage, transactions } = context
  let begun: Promise<void> | undefined
  let stopListening: (() => void) | undefined
  let stopFollowing = () => {}
  const listen = () => {
    if (state.isRunning) stopListening ??= listenTo(context)
  }
  /** What callers do not wait for: to listen, or only to begin an import, costs up to a third of the read they waited for. */
  const follow = (hasListened: boolean) => {
    listen()
    context.options.fetch?.report?.(context.emit)
    // What another tab said before this one listened is in the store.
    if (!hasListened) void reread(context).catch(() => {})
    // Asked for while the page is still loading: a refresh must not wait for it, least of all offline.
    void context.engine().catch(() => {})
  }
  return {
    start: (): Promise<void> => {
      if (state.isRunning && begun) return begun
      state.isRunning = true
      if (begun) {
        listen()
        // Other tabs may have gone on meanwhile.
        void begun.then(() => wake(context))
        return begun
      }
      begun = begin(context, listen)
      const hasListened = stopListening !== undefined
      void begun.then(() => {
        if (state.isRunning) stopFollowing = clock.setTimer(0, () => follow(hasListened))
      })
      return begun
    },
    listen,
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
