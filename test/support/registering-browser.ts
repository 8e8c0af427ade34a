import { obtainClient, type RegisteredClient } from '../../packages/core/src/registration/obtain-client.ts'
// Loaded ahead: the clock of a test must not go on while code is being loaded.
import '../../packages/core/src/registration/register.ts'
import type { LockPort } from '../../packages/core/src/ports/lock.ts'
import { type MemoryLocks, memoryLock, memoryStorage } from '../../packages/core/src/ports/memory.ts'
import { issuer } from './authorization-server.ts'
import { type ControlledStorage, controlStorage } from './controlled-storage.ts'
import { createModelServer, type ModelServer, type ModelServerOptions, registerPath } from './model-server.ts'
import { createSimulatedClock, type SimulatedClock } from './simulated-clock.ts'
import { createSimulatedPage, type SimulatedPage } from './simulated-page.ts'

/** A tab of an app that registers itself. */
export interface RegisteringTab {
  readonly register: (asking?: {
    readonly issuer?: string
    readonly redirectUri?: string
    readonly scopes?: readonly string[]
    readonly applicationType?: 'web' | 'native'
  }) => Promise<RegisteredClient>
  readonly storage: ControlledStorage
  readonly page: SimulatedPage
}

/** A browser whose tabs share storage and locks. */
export interface RegisteringBrowser {
  readonly clock: SimulatedClock
  readonly records: Map<string, unknown>
  readonly open: (lock?: LockPort) => RegisteringTab
}

/** A browser without Web Locks. */
export const noLock: LockPort = { names: async () => [], run: (_name, _timeoutMs, work) => work(false) }

export const redirectUri = 'http://localhost:5173/callback'
/** A server that registers public clients. */
export const createRegistrar = ({ issuer: at = issuer, metadata }: ModelServerOptions = {}): ModelServer =>
  createModelServer({
    issuer: at,
    metadata: { registration_endpoint: `${at}${registerPath}`, ...metadata },
  })

export const key: string = `registration ${JSON.stringify([issuer, redirectUri])}`

/** @param obtain that of the sources, or of a copy in which something was changed */
export function createRegisteringBrowser(
  fetch: typeof globalThis.fetch,
  obtain: typeof obtainClient = obtainClient,
): RegisteringBrowser {
  const clock = createSimulatedClock()
  const records = new Map<string, unknown>()
  const locks: MemoryLocks = new Map()
  return {
    clock,
    records,
    open: (lock = memoryLock(locks, clock.setTimer)) => {
      const storage = controlStorage(memoryStorage(records))
      const page = createSimulatedPage()
      return {
        storage,
        page,
        register: ({
          issuer: at = issuer,
          redirectUri: to = '/callback',
          scopes = ['billing.read'],
          applicationType,
        } = {}) =>
          obtain(
            {
              storage,
              lock,
              clock,
              page,
              transport: { clientId: '', fetch },
              options: {
                issuer: at,
                allowedIssuers: undefined,
                resource: undefined,
                metadata: {},
                metadataLifetimeMs: 3_600_000,
                requestTimeoutMs: 10_000,
              },
              state: { metadata: { cached: new Map(), pending: new Map() } },
              timeoutMs: 10_000,
              request: {
                scopes,
                applicationType,
                clientName: 'Sample',
                logoUri: undefined,
                policyUri: undefined,
                tosUri: undefined,
              },
            },
            to,
          ),
      }
    },
  }
}

/** What a call rejects with; `undefined` where it does not. */
export const rejection = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  )
