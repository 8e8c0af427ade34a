import type { Context, Ports, TabState } from './context.ts'
import { isTelnyxAuthError, TelnyxAuthError } from './errors.ts'
import type { EventBody, TelnyxAuthEvent } from './events.ts'
import type { Finding } from './finding.ts'
import { chosenToken, expireToken } from './flows/access-token.ts'
import { noteActivity } from './flows/activity.ts'
import { announce, reread, showSignedOut } from './flows/adopt.ts'
import { fetchWithToken } from './flows/fetch.ts'
import { refresh } from './flows/refresh.ts'
import { restore } from './flows/restore.ts'
import { signOut } from './flows/sign-out.ts'
import { statePrefix } from './model/state-prefix.ts'
import { type ResolvedOptions, resolveOptions, type TelnyxAuthOptions } from './options.ts'
import { browserPorts } from './ports/browser.ts'
import type { ChannelMessage } from './ports/channel.ts'
import { armRenewal, wake } from './renewal.ts'
import { createListeners, createSnapshotStore, pending } from './session.ts'
import type { TelnyxAuth } from './telnyx-auth.ts'

function createEvents({ clock }: Ports) {
  const listeners = createListeners<[TelnyxAuthEvent]>()
  return {
    emit: (body: EventBody) =>
      listeners.tell(Object.freeze({ atMs: clock.now(), ...body }) as TelnyxAuthEvent),
    onEvent: listeners.add,
  }
}

function newTabState(): TabState {
  return {
    held: undefined,
    leftEpoch: undefined,
    flight: undefined,
    looks: 0,
    lastLook: 0,
    failure: undefined,
    failedGoes: 0,
    heard: undefined,
    unsaved: undefined,
    refusedToken: undefined,
    prover: undefined,
    others: new Map(),
    metadata: undefined,
    metadataRequest: undefined,
    cancelTimer: () => {},
    isRunning: false,
  }
}

/** Names everything that belongs to one session: its record, its lock, its channel. */
export function sessionKeyOf({ issuer, resource, clientId, name }: ResolvedOptions): string {
  return JSON.stringify([issuer ?? resource, clientId, name])
}

/** Finishes a callback, or restores the stored session. The URL alone tells whether callbacks' code is needed. */
async function begin(context: Context): Promise<void> {
  if (context.page.href().includes(`state=${statePrefix}`)) {
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

async function loadEngine(): Promise<typeof import('./engine.ts')> {
  try {
    return await import('./engine.ts')
  } catch (cause) {
    throw new TelnyxAuthError('network_error', { cause })
  }
}

/** What is left to say where the code of the diagnosis cannot be loaded. */
const notLoaded = (): readonly Finding[] => [
  { check: 'code', result: 'problem', sentence: 'The code of this cannot be loaded.' },
]

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

/** Opens and closes what a running client needs, as often as it is asked to. */
function createLifecycle(context: Context) {
  const { state, options, channel, clock, page, storage, transactions } = context
  let begun: Promise<void> | undefined
  let stopWaking = () => {}
  let stopWatching = () => {}
  let stopPreloading = () => {}
  const listener = (message: ChannelMessage) => hear(context, message)
  /** Asks for the engine while the page is still loading: a refresh must not wait for it, least of all offline. */
  const preload = () => {
    // Callers go first: only to begin an import costs as much as a third of the read they waited for.
    if (state.isRunning) stopPreloading = clock.setTimer(0, () => void context.engine().catch(() => {}))
  }
  return {
    start: (): Promise<void> => {
      if (!state.isRunning) {
        state.isRunning = true
        channel.listen(listener)
        stopWaking = page.onWake(
          () => {
            channel.listen(listener)
            void wake(context)
          },
          // A frozen page still gets messages, but no answers from IndexedDB: it would begin to read, never end, and
          // with its open transaction keep every other tab from writing.
          channel.close,
        )
        if (options.idleTimeoutMs < Infinity) {
          stopWatching = page.onActivity(() => void noteActivity(context))
        }
        // Started again: other tabs may have gone on meanwhile.
        if (begun) void begun.then(() => wake(context))
      }
      if (!begun) {
        begun = begin(context)
        void begun.then(preload)
      }
      return begun
    },
    dispose: (): void => {
      state.isRunning = false
      state.cancelTimer()
      stopWaking()
      stopWatching()
      stopPreloading()
      channel.close()
      storage.close()
      transactions.close()
    },
  }
}

/** Wires a client to the ports it is given: what {@link createTelnyxAuth} does for a browser. */
export function createClient(
  options: ResolvedOptions,
  createPorts: (sessionKey: string, onStorageDeleted: () => void, emit: Context['emit']) => Ports,
): TelnyxAuth {
  const sessionKey = sessionKeyOf(options)
  const snapshots = createSnapshotStore()
  const ports = createPorts(
    sessionKey,
    () => void wake(context),
    (event) => events.emit(event),
  )
  const events = createEvents(ports)
  const context: Context = {
    ...ports,
    options,
    transport: { clientId: options.clientId, fetch: options.fetch ?? ports.fetch },
    snapshots,
    emit: events.emit,
    sessionKey,
    state: newTabState(),
    engine: loadEngine,
    rearm: () => armRenewal(context),
  }
  const { start, dispose } = createLifecycle(context)
  return Object.freeze<TelnyxAuth>({
    ready: () => start().then(snapshots.getSnapshot),
    getSnapshot: snapshots.getSnapshot,
    getServerSnapshot: () => pending,
    subscribe: (listener) => {
      void start()
      return snapshots.subscribe(listener)
    },
    signIn: async (given) => {
      await start()
      try {
        const { signIn } = await loadEngine()
        await signIn(context, given)
      } catch (error) {
        // Shown as well, because a click handler rarely waits for what it started.
        if (isTelnyxAuthError(error) && !context.state.held) showSignedOut(context, error)
        throw error
      }
    },
    getAccessToken: async (given) => {
      await start()
      return (await chosenToken(context, given)).token.accessToken
    },
    refresh: () => start().then(() => refresh(context)),
    expire: () => expireToken(context),
    fetch: (...given) => start().then(() => fetchWithToken(context, ...given)),
    signOut: (given) => start().then(() => signOut(context, given)),
    onEvent: events.onEvent,
    diagnose: (given) =>
      import('./diagnose.ts').then(({ diagnose }) => diagnose(context, given)).catch(notLoaded),
    dispose,
  })
}

/**
 * Creates a client. Nothing happens before its first call: no timer, no channel, no database, no lock.
 *
 * @throws {TypeError} an option is missing or wrong
 */
export function createTelnyxAuth(options: TelnyxAuthOptions): TelnyxAuth {
  const resolved = resolveOptions(options)
  return createClient(resolved, (...given) => browserPorts(resolved.storage, ...given))
}
