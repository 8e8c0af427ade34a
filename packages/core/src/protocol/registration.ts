import {
  type Client,
  dynamicClientRegistrationRequest,
  type OmitSymbolProperties,
  processDynamicClientRegistrationResponse,
} from 'oauth4webapi'
import { TelnyxAuthError } from '../errors.ts'
import { scopesFrom } from '../model/tokens.ts'
import { isSecureUrl, parseUrl } from '../model/urls.ts'
import { translateError } from './translate-error.ts'
import { type Metadata, requestOptions, type Transport } from './transport.ts'

/** The client metadata of a registration request. */
export interface RegistrationRequest {
  readonly redirectUri: string
  readonly scopes: readonly string[]
  readonly applicationType: 'web' | 'native' | undefined
  readonly clientName: string | undefined
  readonly logoUri: string | undefined
  readonly policyUri: string | undefined
  readonly tosUri: string | undefined
}

/** The client metadata that the server registered: they count, not the requested ones (RFC 7591 section 3.2.1). */
export interface RegistrationResponse {
  readonly clientId: string
  /** `undefined` if the response does not say: as requested. */
  readonly scopes: readonly string[] | undefined
  readonly grantTypes: readonly string[] | undefined
}

type Body = Readonly<Record<string, unknown>>

const unusable = (subject: string): TelnyxAuthError =>
  new TelnyxAuthError('registration_unusable', { subject })

const listOf = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined

/** Checks that `body` is a public client of this app. @throws {TelnyxAuthError} `registration_unusable` with the member at fault */
function checkResponse(body: Body, redirectUri: string): RegistrationResponse {
  const { client_id: clientId, scope, token_endpoint_auth_method: method } = body
  const grantTypes = listOf(body.grant_types)
  const faults: Readonly<Record<string, boolean>> = {
    // RFC 6749 appendix A.1
    client_id: typeof clientId !== 'string' || !/^[ -~]+$/.test(clientId),
    token_endpoint_auth_method: method !== undefined && method !== 'none',
    redirect_uris: !(listOf(body.redirect_uris) ?? [redirectUri]).includes(redirectUri),
    grant_types: !(grantTypes ?? ['authorization_code']).includes('authorization_code'),
    response_types: !(listOf(body.response_types) ?? ['code']).includes('code'),
  }
  const fault = Object.keys(faults).find((member) => faults[member])
  if (fault) throw unusable(fault)
  return {
    clientId: String(clientId),
    scopes: typeof scope === 'string' ? scopesFrom(scope) : undefined,
    grantTypes,
  }
}

/** The error of a failed request; its subject is the fields that the server refused, or the endpoint that did not respond. */
function registrationError(
  error: unknown,
  response: Response | undefined,
  body: Body,
  endpoint: URL,
  now: number,
): TelnyxAuthError {
  const { code, cause, server, retryAfterMs } = translateError(error, now)
  const isRefused = code === 'request_rejected' || code === 'invalid_grant'
  const fields = Object.keys(Object(body.invalid_fields)).filter((name) => /^[a-z_]{1,40}$/.test(name))
  const subject = code === 'network_error' ? endpoint.origin : isRefused && fields.slice(0, 9).join(', ')
  return new TelnyxAuthError(isRefused ? 'registration_refused' : code, {
    phase: 'registration',
    cause,
    // The error may hold the copy by `asCreated`, whose status the server did not send, or no response at all.
    server: response ? { ...server, status: response.status } : server,
    retryAfterMs,
    subject: subject || undefined,
  })
}

/** Gives `response` the status 201: some servers respond with 200 to a registration, which oauth4webapi refuses. */
const asCreated = (response: Response): Response =>
  response.status === 200 ? new Response(response.body, { status: 201, headers: response.headers }) : response

/** oauth4webapi throws a challenge it can read before it looks at the error in the body, which says more. */
function withoutChallenge(response: Response): Response {
  if (response.ok || !response.headers.has('www-authenticate')) return response
  const { status, body } = response
  const headers = new Headers(response.headers)
  headers.delete('www-authenticate')
  return new Response(body, { status, headers })
}

/**
 * Registers a public client. Sent once: a lost response may have registered one.
 *
 * @throws {TelnyxAuthError} `metadata_invalid`: no usable `registration_endpoint`; `registration_refused`;
 *   `registration_unusable`: not a public client with this redirect URI; `network_error` with the origin of the
 *   endpoint, `server_unavailable`, `response_invalid`
 * @see RFC 7591 sections 3.1 and 3.2
 */
export async function requestRegistration(
  transport: Transport,
  metadata: Metadata,
  request: RegistrationRequest,
  now: () => number,
): Promise<RegistrationResponse> {
  const { redirectUri, scopes, applicationType, clientName, logoUri, policyUri, tosUri } = request
  const endpoint = parseUrl(metadata.registration_endpoint)
  if (!endpoint || !isSecureUrl(endpoint)) {
    throw new TelnyxAuthError('metadata_invalid', { subject: 'registration_endpoint' })
  }
  const clientMetadata: Record<string, unknown> = {
    redirect_uris: [redirectUri],
    client_name: clientName,
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    scope: scopes.join(' ') || undefined,
    token_endpoint_auth_method: 'none',
    application_type: applicationType,
    logo_uri: logoUri,
    policy_uri: policyUri,
    tos_uri: tosUri,
  }
  let body: Body = {}
  let response: Response | undefined
  try {
    const given = clientMetadata as Partial<OmitSymbolProperties<Client>>
    response = withoutChallenge(
      await dynamicClientRegistrationRequest(metadata, given, requestOptions(transport)),
    )
    const json: unknown = await response
      .clone()
      .json()
      .catch(() => undefined)
    body = Object(json)
    // First of all checks: no error may quote a secret.
    if (body.client_secret !== undefined && body.client_secret !== null) throw unusable('client_secret')
    return checkResponse(await processDynamicClientRegistrationResponse(asCreated(response)), redirectUri)
  } catch (error) {
    throw error instanceof TelnyxAuthError ? error : registrationError(error, response, body, endpoint, now())
  }
}
