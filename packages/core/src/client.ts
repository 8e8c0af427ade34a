import { type Context, newTabState, type Ports } from './context.ts'
import { isTelnyxAuthError, TelnyxAuthError } from './errors.ts'
import type { EventBody, TelnyxAuthEvent } from './events.ts'
import type { Finding } from './finding.ts'
import { requireSession, showSignedOut } from './flows/session/publish-session.ts'
import { signOut } from './flows/session/sign-out.ts'
import { chosenToken, expireToken } from './flows/tokens/access-token.ts'
import { fetchWithToken, signalOf } from './flows/tokens/fetch.ts'
import { createLifecycle } from './lifecycle.ts'
import { unlessAborted } from './model/unless-aborted.ts'
import { type ResolvedOptions, resolveOptions, type TelnyxAuthOptions } from './options.ts'
import { browserPorts } from './ports/browser.ts'
import { createServerFlowLoader } from './server-flow-loader.ts'
import { createListeners, createSnapshotStore, pending } from './session.ts'
import type { SignInOptions, TelnyxAuth } from './telnyx-auth.ts'

function createEvents({ clock }: Ports) {
  const listeners = createListeners<[TelnyxAuthEvent]>()
  return {
    emit: (body: EventBody) =>
      listeners.tell(Object.freeze({ atMs: clock.now(), ...body }) as TelnyxAuthEvent),
    onEvent: listeners.add,
  }
}

/**
 * Names all that belongs to one session: its record, its lock, its channel. It holds all that makes the tokens of two
 * clients not interchangeable. `null`: the issuer is found through the first resource, which an issuer of the same text
 * is not.
 */
export function sessionKeyOf({ issuer, targets, clientId, sessionName }: ResolvedOptions): string {
  return JSON.stringify([issuer ?? null, clientId, sessionName, ...targets])
}

const loadTokenFlows: Context['loadTokenFlows'] = () =>
  import('./token-flows.ts').catch((cause: unknown) => {
    throw new TelnyxAuthError('network_error', { subject: 'chunk', cause })
  })

/** What is left to say where the code of the diagnosis cannot be loaded. */
const notLoaded = (): readonly Finding[] => [
  { check: 'code', result: 'problem', sentence: 'The code of the diagnosis was not loaded.' },
]

/** Signs in after `started`. A failure is shown and told in an event: a click handler rarely waits for what it began. */
function beginSignIn(
  context: Context,
  started: Promise<void>,
  given: SignInOptions | undefined,
): Promise<void> {
  const done: Promise<void> = started
    .then(context.loadServerFlows)
    .then(({ signIn }) => signIn(context, given))
    .catch((error) => {
      if (isTelnyxAuthError(error)) {
        // No unhandled rejection beside what is shown.
        done.catch(() => {})
        if (!context.state.session.current) showSignedOut(context, error)
        context.emit({ type: 'sign-in-failed', code: error.code })
      }
      throw error
    })
  return done
}

/** Wires a client to the ports it is given: what {@link createTelnyxAuth} does for a browser. */
export function createClient(
  options: ResolvedOptions,
  createPorts: (sessionKey: string, onStorageDeleted: () => void, emit: Context['emit']) => Ports,
): TelnyxAuth {
  const sessionKey = sessionKeyOf(options)
  const snapshots = createSnapshotStore(true)
  const ports = createPorts(
    sessionKey,
    () => wake(),
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
    loadServerFlows: () => loadServerFlows(),
    loadTokenFlows,
    rearm: () => rearm(),
  }
  const { start, listen, wake, dispose } = createLifecycle(context)
  const { loadServerFlows, rearm } = createServerFlowLoader(context, listen)
  return Object.freeze<TelnyxAuth>({
    ready: () => start().then(snapshots.getSnapshot),
    getSnapshot: snapshots.getSnapshot,
    getServerSnapshot: () => pending,
    subscribe: (listener) => {
      void start()
      return snapshots.subscribe(listener)
    },
    signIn: (given) => beginSignIn(context, start(), given),
    finishSignIn: async (url) => {
      await start()
      await (await loadTokenFlows()).finishSignIn(context, url)
    },
    getAccessToken: (given) =>
      unlessAborted(given?.signal, async () => {
        await start()
        return (await chosenToken(context, given)).token.accessToken
      }),
    refresh: async () => {
      await start()
      const session = requireSession(context)
      await (await context.loadServerFlows()).refreshFor(context, session)
    },
    expire: () => expireToken(context),
    fetch: (input, init, target) =>
      unlessAborted(signalOf(input, init), async () => {
        await start()
        return fetchWithToken(context, input, init, target)
      }),
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
