import { isTelnyxAuthError, TelnyxAuthError } from '../errors.ts'
import { absoluteRedirectUri } from '../model/urls.ts'
import type { RegistrationContext } from './register.ts'
import {
  parseRegistration,
  type RequiredClient,
  registrationKey,
  type StoredClient,
  usableClient,
} from './registration-record.ts'

/** A public client that a server registered for this browser. Frozen; it has no secret. */
export interface RegisteredClient {
  readonly clientId: string
  /** The authorization server that registered it, and that alone knows it. */
  readonly issuer: string
  /** Absolute, as it was registered. */
  readonly redirectUri: string
  /** The scopes that it may ask for, as the server registered them: may be fewer or more than the app asked for. */
  readonly scopes: readonly string[]
  /** As the server registered them: without `refresh_token`, sessions end with their access token. */
  readonly grantTypes: readonly string[]
  /**
   * Registers a new client if `error` says that the server no longer knows this one (`invalid_client`). One call counts
   * for all tabs. The new client is not replaced within a day, so that a server that refuses every client causes no
   * loop.
   *
   * @returns the client to sign in with; `undefined` if `error` is another
   * @throws {TelnyxAuthError} as {@link registerClient}
   */
  readonly reregister: (error: unknown) => Promise<RegisteredClient | undefined>
}

/** Loads the code that registers only when it is needed: most page loads find a stored client. */
async function loadAndRegister(
  context: RegistrationContext,
  required: RequiredClient,
): Promise<StoredClient | undefined> {
  const { register } = await import('./register.ts').catch((cause: unknown) => {
    throw new TelnyxAuthError('network_error', { phase: 'registration', cause })
  })
  return register(context, required)
}

function toRegisteredClient(
  context: RegistrationContext,
  required: RequiredClient,
  { clientId, scopes, grantTypes, requestedScopes }: StoredClient,
): RegisteredClient {
  const { issuer, redirectUri } = required
  return Object.freeze<RegisteredClient>({
    clientId,
    issuer,
    redirectUri,
    scopes: scopes ?? requestedScopes,
    grantTypes: grantTypes ?? ['authorization_code', 'refresh_token'],
    reregister: async (error) => {
      if (!isTelnyxAuthError(error) || error.server?.error !== 'invalid_client') return undefined
      const next = await loadAndRegister(context, { ...required, refusedClientId: clientId })
      return next && toRegisteredClient(context, required, next)
    },
  })
}

/** Gives the client of this browser at one server: the stored one, else a new one. */
export async function obtainClient(
  context: RegistrationContext,
  givenRedirectUri: string,
): Promise<RegisteredClient> {
  const { page, storage, options, request } = context
  const { origin } = new URL(page.href())
  if (!page.isSecure())
    throw new TelnyxAuthError('insecure_context', { phase: 'registration', subject: origin })
  const required = {
    issuer: String(options.issuer),
    redirectUri: absoluteRedirectUri(givenRedirectUri, origin),
    scopes: request.scopes,
  }
  // The registration reads again: a read that fails is not yet an error.
  const stored = await storage.read(registrationKey(required)).catch(() => undefined)
  const client =
    usableClient(parseRegistration(stored, required), required) ?? (await loadAndRegister(context, required))
  if (!client) throw new TelnyxAuthError('registration_refused')
  return toRegisteredClient(context, required, client)
}
