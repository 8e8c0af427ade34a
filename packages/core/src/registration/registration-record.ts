import type { RefreshFailures } from '../model/record.ts'
import type { RegistrationResponse } from '../protocol/registration.ts'

/** A client that the server registered for this browser. */
export interface StoredClient extends RegistrationResponse {
  /** The scopes that the registration asked for; the server may have registered fewer. */
  readonly requestedScopes: readonly string[]
  readonly registeredAtMs: number
  /** Whether it replaced a client that the server no longer knew. */
  readonly isReplacement: boolean
}

/** The registrations of this browser at one issuer for one redirect URI. */
export interface RegistrationRecord {
  readonly v: 1
  /** Compared with the caller's: a client is never used at another server or for another redirect URI. */
  readonly issuer: string
  readonly redirectUri: string
  /** Newest first. One is enough, unless the server refuses to register a client for all scopes together. */
  readonly clients: readonly StoredClient[]
  /** The failures since the last registration. */
  readonly failures?: RefreshFailures
}

/** The client that a caller needs. */
export interface RequiredClient {
  readonly issuer: string
  readonly redirectUri: string
  readonly scopes: readonly string[]
  /** The client that the server no longer knows. */
  readonly refusedClientId?: string
}

/** The storage key of the record, and the name of its Web Lock. */
export const registrationKey = ({ issuer, redirectUri }: RequiredClient): string =>
  `registration ${JSON.stringify([issuer, redirectUri])}`

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const isText = (value: unknown): value is string => typeof value === 'string'
const isList = (value: unknown): boolean => Array.isArray(value) && value.every(isText)

function isClient(value: unknown): boolean {
  if (!isObject(value)) return false
  const { clientId, scopes, grantTypes, requestedScopes, registeredAtMs } = value
  const areLists = [scopes, grantTypes].every((list) => list === undefined || isList(list))
  return isText(clientId) && isList(requestedScopes) && areLists && Number.isFinite(registeredAtMs)
}

/** Parses a stored record: garbage is an empty record, a record of a newer version is `undefined`. */
export function parseRegistration(
  stored: unknown,
  { issuer, redirectUri }: RequiredClient,
): RegistrationRecord | undefined {
  const empty: RegistrationRecord = { v: 1, issuer, redirectUri, clients: [] }
  if (!isObject(stored)) return empty
  if (typeof stored.v === 'number' && stored.v > 1) return undefined
  const { clients } = stored
  const isOwn = stored.issuer === issuer && stored.redirectUri === redirectUri
  const isComplete = Array.isArray(clients) && clients.every(isClient)
  return isOwn && isComplete ? (stored as unknown as RegistrationRecord) : empty
}

/** The newest client that was registered for all required scopes; if one was refused, only a newer one counts. */
export function usableClient(
  record: Pick<RegistrationRecord, 'clients'> | undefined,
  { scopes, refusedClientId }: RequiredClient,
): StoredClient | undefined {
  const clients = record?.clients ?? []
  const refusedAt = clients.findIndex(({ clientId }) => clientId === refusedClientId)
  return clients
    .slice(0, refusedAt < 0 ? clients.length : refusedAt)
    .find(({ requestedScopes }) => scopes.every((scope) => requestedScopes.includes(scope)))
}
