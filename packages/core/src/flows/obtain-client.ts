import type { Ports } from '../context.ts'
import { isTelnyxAuthError, TelnyxAuthError } from '../errors.ts'
import {
  parseRegistration,
  type RegistrationWish,
  type StoredClient,
  usableClient,
} from '../model/registration.ts'
import type { StoragePort } from '../ports/storage.ts'
import type { RegistrationRequest } from '../protocol/registration.ts'
import type { RegisteredClient } from '../registered-client.ts'
import type { DiscoveryContext } from './server/discover.ts'
import { toldRedirectUri } from './told-redirect-uri.ts'

/** Everything a registration may use. */
export interface RegistrationContext extends DiscoveryContext, Pick<Ports, 'lock' | 'page'> {
  /** Must outlive the redirect, as the sign-in does. */
  readonly storage: StoragePort
  /** How long the request may take, in milliseconds. */
  readonly timeoutMs: number
  /** What to ask for, but for the redirect URI. */
  readonly request: Omit<RegistrationRequest, 'redirectUri'>
}

/** Names the record of one issuer and redirect URI, and its lock. */
export const registrationKey = ({ issuer, redirectUri }: RegistrationWish): string =>
  `registration ${JSON.stringify([issuer, redirectUri])}`

/** The client that is stored, if it is what is needed. @throws {TelnyxAuthError} `storage_failed`, `newer_version` */
async function storedClient(
  { storage }: RegistrationContext,
  wish: RegistrationWish,
): Promise<StoredClient | undefined> {
  const stored = await storage.read(registrationKey(wish)).catch((cause: unknown) => {
    throw new TelnyxAuthError('storage_failed', { phase: 'registration', cause })
  })
  const record = parseRegistration(stored, wish)
  if (record === 'newer') throw new TelnyxAuthError('newer_version', { phase: 'registration' })
  return usableClient(record, wish)
}

/** Most page loads find a client that is stored: what registers one is loaded when it is needed. */
async function registerLate(
  context: RegistrationContext,
  wish: RegistrationWish,
): Promise<StoredClient | undefined> {
  const { register } = await import('./register.ts').catch((cause: unknown) => {
    throw new TelnyxAuthError('network_error', { phase: 'registration', cause })
  })
  return register(context, wish)
}

function shown(
  context: RegistrationContext,
  wish: RegistrationWish,
  { clientId, scopes, grantTypes }: StoredClient,
): RegisteredClient {
  const { issuer, redirectUri } = wish
  return Object.freeze<RegisteredClient>({
    clientId,
    issuer,
    redirectUri,
    scopes: scopes ?? wish.scopes,
    grantTypes: grantTypes ?? ['authorization_code', 'refresh_token'],
    reregister: async (error) => {
      if (!isTelnyxAuthError(error) || error.server?.error !== 'invalid_client') return undefined
      const next = await registerLate(context, { ...wish, refused: clientId })
      return next && shown(context, wish, next)
    },
  })
}

/** The client of this browser at one server: the stored one, else a new one. */
export async function obtainClient(
  context: RegistrationContext,
  givenRedirectUri: string,
): Promise<RegisteredClient> {
  const { page, options, request } = context
  const { origin } = new URL(page.href())
  if (!page.isSecure())
    throw new TelnyxAuthError('insecure_context', { phase: 'registration', subject: origin })
  const wish = {
    issuer: String(options.issuer),
    redirectUri: toldRedirectUri(givenRedirectUri, origin),
    scopes: request.scopes,
  }
  const client = (await storedClient(context, wish)) ?? (await registerLate(context, wish))
  if (!client) throw new TelnyxAuthError('registration_refused')
  return shown(context, wish, client)
}
