import type { Ports } from '../context.ts'
import { TelnyxAuthError } from '../errors.ts'
import { type DiscoveryContext, discover } from '../flows/server/discover.ts'
import { TimeoutError, withTimeout } from '../flows/server/with-timeout.ts'
import { afterFailure, leftToWaitMs } from '../model/retry.ts'
import { webLock } from '../ports/lock.ts'
import type { StoragePort } from '../ports/storage.ts'
import {
  type RegistrationRequest,
  type RegistrationResponse,
  requestRegistration,
} from '../protocol/registration.ts'
import type { Metadata } from '../protocol/transport.ts'
import {
  parseRegistration,
  type RegistrationRecord,
  type RequiredClient,
  registrationKey,
  type StoredClient,
  usableClient,
} from './registration-record.ts'

/** The parts of a client that a registration needs. */
export interface RegistrationContext extends DiscoveryContext, Pick<Ports, 'lock' | 'page'> {
  /** Must outlive the redirect, as the transaction of a sign-in does. */
  readonly storage: StoragePort
  /** The limit of one registration request, in milliseconds. */
  readonly timeoutMs: number
  /** The client metadata that the app chose. */
  readonly request: Omit<RegistrationRequest, 'redirectUri'>
}

const phase = 'registration'

/** Two apps with different scopes at one redirect URI must not register in turn on each page load. */
const minIntervalMs = 60_000

/** A server that refuses every client receives one more registration a day. */
const minReplacementIntervalMs = 86_400_000

/**
 * Changes the record in one atomic step.
 *
 * @param change returns the next record, `undefined` to leave the record as it is
 * @returns the record before the change
 * @throws {TelnyxAuthError} `storage_failed`, `newer_version`
 */
async function updateRecord(
  { storage }: RegistrationContext,
  required: RequiredClient,
  change: (record: RegistrationRecord) => RegistrationRecord | undefined,
): Promise<RegistrationRecord> {
  const seen: { record?: RegistrationRecord | undefined } = {}
  await storage
    .update(registrationKey(required), (stored) => {
      seen.record = parseRegistration(stored, required)
      return seen.record && change(seen.record)
    })
    .catch((cause: unknown) => {
      throw new TelnyxAuthError('storage_failed', { phase, cause })
    })
  if (!seen.record) throw new TelnyxAuthError('newer_version', { phase })
  return seen.record
}

/** Sends the request once, and aborts it after `timeoutMs`. */
async function send(
  { clock, transport, timeoutMs }: RegistrationContext,
  metadata: Metadata,
  request: RegistrationRequest,
): Promise<RegistrationResponse> {
  const givenUp = new AbortController()
  const abortable: typeof transport = {
    ...transport,
    fetch: (input, init) => transport.fetch(input, { ...init, signal: givenUp.signal }),
  }
  try {
    return await withTimeout(clock, requestRegistration(abortable, metadata, request, clock.now), timeoutMs)
  } catch (cause) {
    const isLate = cause instanceof TimeoutError
    throw isLate ? new TelnyxAuthError('server_unavailable', { phase, cause }) : cause
  } finally {
    givenUp.abort()
  }
}

/** Stores the time before which no tab sends another request: at least a second after a failure, doubling to a minute. */
async function storeFailure(
  context: RegistrationContext,
  required: RequiredClient,
  { code, retryAfterMs }: TelnyxAuthError,
): Promise<void> {
  // Nothing was sent: the metadata name no registration endpoint.
  if (code === 'metadata_invalid') return
  const failure = { code, retryAfterMs, retryable: true }
  await updateRecord(context, required, (record) => ({
    ...record,
    failures: afterFailure(record.failures, failure, context.clock.now(), 0),
  })).catch(() => {})
}

/** Throws while a request would come too early. @throws {TelnyxAuthError} `server_unavailable` with `retryAfterMs` */
function checkInterval(
  { clients, failures }: RegistrationRecord,
  { refusedClientId }: RequiredClient,
  now: number,
): void {
  const [newest] = refusedClientId === undefined ? clients : []
  const retryAfterMs = Math.max(
    leftToWaitMs(failures?.retryAtMs, now),
    leftToWaitMs(newest && newest.registeredAtMs + minIntervalMs, now),
  )
  if (retryAfterMs > 0) throw new TelnyxAuthError('server_unavailable', { phase, retryAfterMs })
}

/**
 * The scopes of all stored clients and the required ones, so that two versions of an app with different scopes end up
 * with one client. After a failure the required ones alone: the server may no longer know a scope of an older client.
 */
const scopesToRequest = (
  { clients, failures }: RegistrationRecord,
  { scopes }: RequiredClient,
): readonly string[] =>
  failures ? scopes : [...new Set([...clients.flatMap(({ requestedScopes }) => requestedScopes), ...scopes])]

/** The stored clients that are still needed beside a new client with `scopes`. */
const otherClients = (
  { clients }: RegistrationRecord,
  { refusedClientId }: RequiredClient,
  scopes: readonly string[],
): readonly StoredClient[] =>
  clients.filter(
    ({ clientId, requestedScopes }) =>
      clientId !== refusedClientId && !requestedScopes.every((scope) => scopes.includes(scope)),
  )

async function readOrRegister(
  context: RegistrationContext,
  required: RequiredClient,
): Promise<StoredClient | undefined> {
  const { clock, request } = context
  const { issuer, redirectUri, refusedClientId } = required
  // The second read. The write shows that the storage can keep a client before the server creates one.
  const record = await updateRecord(context, required, (record) =>
    usableClient(record, required) ? undefined : record,
  )
  const stored = usableClient(record, required)
  const refused = record.clients.find(({ clientId }) => clientId === refusedClientId)
  const isReplacedAlready =
    refused?.isReplacement && Math.abs(clock.now() - refused.registeredAtMs) < minReplacementIntervalMs
  if (stored || isReplacedAlready) return stored
  checkInterval(record, required, clock.now())
  const metadata = await discover(context)
  const scopes = scopesToRequest(record, required)
  const response = await send(context, metadata, { ...request, redirectUri, scopes }).catch(
    async (error: TelnyxAuthError) => {
      await storeFailure(context, required, error)
      throw error
    },
  )
  const client: StoredClient = {
    ...response,
    requestedScopes: scopes,
    registeredAtMs: clock.now(),
    isReplacement: refusedClientId !== undefined,
  }
  const before = await updateRecord(context, required, (record) => {
    if (usableClient(record, required)) return undefined
    return { v: 1, issuer, redirectUri, clients: [client, ...otherClients(record, required, scopes)] }
  })
  return usableClient(before, required) ?? client
}

/**
 * Registers a client once for all tabs: the Web Lock lets one tab register, the others read what it stored. Without
 * Web Locks two tabs may register two clients; both then use the client that was stored first.
 *
 * @returns `undefined` if the refused client replaced another one within a day
 * @throws {TelnyxAuthError} `metadata_*`, `registration_*`, `network_error`, `server_unavailable`, `response_invalid`,
 *   `storage_failed`: nothing is sent if the client could not be stored; `newer_version`
 * @see RFC 7591 section 3
 */
export function register(
  context: RegistrationContext,
  required: RequiredClient,
): Promise<StoredClient | undefined> {
  const { lock = webLock(), timeoutMs } = context
  return new Promise((resolve, reject) => {
    const work = () => readOrRegister(context, required).then(resolve, reject)
    lock.run(registrationKey(required), 2 * timeoutMs, work).catch(reject)
  })
}
