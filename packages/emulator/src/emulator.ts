import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type AccessTokens, createAccessTokens } from './access-tokens.ts'
import type { EmulatorAccount } from './accounts.ts'
import { createApplication } from './application.ts'
import { type ClientRecord, recordOfSeed } from './client-record.ts'
import type { EndpointName } from './endpoints.ts'
import { createFaults, type Fault, type QueuedFault } from './faults.ts'
import { createHolds, type Hold, type HoldOptions } from './holds.ts'
import { createHttpServer } from './http.ts'
import { createSigningKey, type SigningKey } from './keys.ts'
import { loadProvider } from './load-provider.ts'
import type { EmulatorOptions } from './options.ts'
import { createRequestLog, type LoggedRequest, type RequestFilter } from './request-log.ts'
import { type ResolvedOptions, resolveOptions } from './resolve-options.ts'
import { createStore, type Store } from './store.ts'

/** A local Telnyx OAuth server. Nothing happens before `start()`. */
export interface Emulator {
  /** Issuer identifier, without a trailing slash. @throws {Error} before the first `start()` */
  readonly issuer: string
  /** Where it is reached: the same as `issuer`, unless that was set. @throws {Error} before the first `start()` */
  readonly url: string
  readonly accounts: readonly EmulatorAccount[]
  /** The OAuth clients there are now, secrets included. */
  readonly clients: readonly ClientRecord[]
  /** Listens. Resolves once it answers. @throws {Error} with code `EADDRINUSE` when the port is taken */
  start(): Promise<void>
  /** Stops listening and cuts what is still open. What it remembers stays: `start()` goes on, on the same port. */
  stop(): Promise<void>
  /** The requests that arrived, oldest first. */
  requests(filter?: RequestFilter): readonly LoggedRequest[]
  clearRequests(): void
  /** The next matching request that is answered after this call. */
  waitForRequest(filter?: RequestFilter): Promise<LoggedRequest>
  /** Ends every access token. @returns how many there were */
  expireAccessTokens(): number
  /** Revokes a grant: its refresh tokens and, unless set otherwise, its access tokens. @returns whether it existed */
  revokeGrant(id: string): boolean
  /** Forgets everything since the start: tokens, grants, clients, requests, faults and holds. */
  reset(): void
  /** Lets the next requests to an endpoint go wrong. Faults queue up, one after the other. */
  fail(endpoint: EndpointName, fault: Fault): QueuedFault
  /** Keeps the next requests to an endpoint open until they are released. */
  hold(endpoint: EndpointName, options?: HoldOptions): Hold
}

/**
 * Makes a Telnyx OAuth server for development and tests.
 *
 * @throws {TypeError} when an option is not what it must be; the message names it
 */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  const resolved = resolveOptions(options)
  const store = createStore({
    refreshGracePeriodMs: resolved.refreshGracePeriodSeconds * 1000,
    revokeAccessTokensWithGrant: resolved.revokeAccessTokensWithGrant,
    now: Date.now,
  })
  const log = createRequestLog()
  const faults = createFaults()
  const holds = createHolds()
  let key: SigningKey | undefined
  let tokens: AccessTokens | undefined
  let running: { server: Server; closing: AbortController } | undefined
  let port: number | undefined
  plantSeeds(store, resolved)

  function url(): string {
    if (port === undefined) throw new Error('the emulator has no URL before start()')
    return `http://${resolved.publicHost}:${port}`
  }

  async function start(): Promise<void> {
    if (running !== undefined) return
    const closing = new AbortController()
    const ready: { listener?: ReturnType<typeof createApplication> } = {}
    const server = createHttpServer(async (request, response) => ready.listener?.(request, response))
    running = { server, closing }
    try {
      const library = await loadProvider()
      key ??= await createSigningKey()
      tokens ??= createAccessTokens(store, key)
      port = await listen(server, resolved.host, port ?? resolved.port)
      const issuer = resolved.issuer ?? url()
      ready.listener = createApplication(
        {
          options: resolved,
          issuer,
          key,
          store,
          tokens,
          log,
          faults,
          holds,
          closing: closing.signal,
          library,
        },
        emulator,
      )
    } catch (error) {
      running = undefined
      throw error
    }
  }

  async function stop(): Promise<void> {
    if (running === undefined) return
    const { server, closing } = running
    running = undefined
    closing.abort()
    holds.releaseAll()
    log.close()
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    await closed
  }

  function reset(): void {
    store.clear()
    plantSeeds(store, resolved)
    log.clear()
    faults.clear()
    holds.releaseAll()
  }

  const emulator: Emulator = Object.freeze({
    get issuer() {
      return resolved.issuer ?? url()
    },
    get url() {
      return url()
    },
    accounts: resolved.accounts,
    get clients() {
      return [...store.clients.values()]
    },
    start,
    stop,
    requests: (filter) => log.list(filter),
    clearRequests: () => log.clear(),
    waitForRequest: (filter) => log.next(filter),
    expireAccessTokens: () => tokens?.expire() ?? 0,
    revokeGrant: (id) => store.revokeGrant(id),
    reset,
    fail: (endpoint, fault) => faults.add(endpoint, fault),
    hold: (endpoint, options) => holds.add(endpoint, options),
  } satisfies Emulator)
  return emulator
}

function plantSeeds(store: Store, { clients, accounts, firstAccount }: ResolvedOptions): void {
  const nowMs = Date.now()
  for (const seed of clients) {
    const owner = accounts.find(({ id }) => id === seed.ownerId) ?? firstAccount
    store.clients.set(seed.clientId, recordOfSeed(seed, owner, nowMs))
  }
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const refuse = (cause: NodeJS.ErrnoException): void => {
      if (cause.code !== 'EADDRINUSE') reject(cause)
      else reject(Object.assign(new Error(busyPort(host, port), { cause }), { code: cause.code }))
    }
    server.once('error', refuse)
    server.listen(port, host, () => {
      server.off('error', refuse)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

function busyPort(host: string, port: number): string {
  return `The Telnyx OAuth emulator cannot listen on ${host}:${port}: the port is in use. Stop what listens there or choose another port.`
}
