import {
  type Client,
  dynamicClientRegistrationRequest,
  type OmitSymbolProperties,
  processDynamicClientRegistrationResponse,
} from 'oauth4webapi'
import { TelnyxAuthError } from '../errors.ts'
import type { RegistrationAnswer } from '../model/registration.ts'
import { scopesFrom } from '../model/tokens.ts'
import { isSecureUrl, parseUrl } from '../model/urls.ts'
import { translateError } from './translate-error.ts'
import { type Metadata, requestOptions, type Transport } from './transport.ts'

/** What is asked for. */
export interface RegistrationRequest {
  readonly redirectUri: string
  readonly scopes: readonly string[]
  readonly clientName: string | undefined
  readonly logoUri: string | undefined
  readonly policyUri: string | undefined
  readonly tosUri: string | undefined
}

type Loose = Readonly<Record<string, unknown>>

const unusable = (subject: string): TelnyxAuthError =>
  new TelnyxAuthError('registration_unusable', { subject })

const listOf = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined

/**
 * What the server registered, which counts, and not what was asked for (RFC 7591 section 3.2.1).
 *
 * @throws {TelnyxAuthError} `registration_unusable` with the member at fault
 */
function checkAnswer(answer: Loose, redirectUri: string): RegistrationAnswer {
  const { client_id: clientId, scope, token_endpoint_auth_method: method } = answer
  const grantTypes = listOf(answer.grant_types)
  const faults: Readonly<Record<string, boolean>> = {
    // RFC 6749 appendix A.1
    client_id: typeof clientId !== 'string' || !/^[ -~]+$/.test(clientId),
    token_endpoint_auth_method: method !== undefined && method !== 'none',
    redirect_uris: !(listOf(answer.redirect_uris) ?? [redirectUri]).includes(redirectUri),
    grant_types: !(grantTypes ?? ['authorization_code']).includes('authorization_code'),
    response_types: !(listOf(answer.response_types) ?? ['code']).includes('code'),
  }
  const fault = Object.keys(faults).find((member) => faults[member])
  if (fault) throw unusable(fault)
  return {
    clientId: String(clientId),
    scopes: typeof scope === 'string' ? scopesFrom(scope) : undefined,
    grantTypes,
  }
}

/** The error of a refusal, with the names of the fields that the server found fault with. */
function refusal(error: unknown, body: Loose, now: number): TelnyxAuthError {
  const { code, cause, server, retryAfterMs } = translateError(error, now)
  const isRefused = code === 'request_rejected' || code === 'invalid_grant'
  const fields = Object.keys(Object(body.invalid_fields)).filter((name) => /^[a-z_]{1,40}$/.test(name))
  return new TelnyxAuthError(isRefused ? 'registration_refused' : code, {
    phase: 'registration',
    cause,
    server,
    retryAfterMs,
    subject: (isRefused && fields.slice(0, 9).join(', ')) || undefined,
  })
}

/**
 * Registers a public client. Sent once: whether an answer that was lost had registered one, nobody knows.
 *
 * @throws {TelnyxAuthError} `metadata_invalid`: there is no endpoint for it; `registration_refused`;
 *   `registration_unusable`: not a public client with this redirect URI; `network_error`, `server_unavailable`,
 *   `response_invalid`
 * @see RFC 7591 sections 3.1 and 3.2
 */
export async function requestRegistration(
  transport: Transport,
  metadata: Metadata,
  request: RegistrationRequest,
  now: () => number,
): Promise<RegistrationAnswer> {
  const { redirectUri, scopes, clientName, logoUri, policyUri, tosUri } = request
  const endpoint = parseUrl(metadata.registration_endpoint)
  if (!endpoint || !isSecureUrl(endpoint)) {
    throw new TelnyxAuthError('metadata_invalid', { subject: 'registration_endpoint' })
  }
  const wanted: Record<string, unknown> = {
    redirect_uris: [redirectUri],
    client_name: clientName,
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    scope: scopes.join(' ') || undefined,
    token_endpoint_auth_method: 'none',
    logo_uri: logoUri,
    policy_uri: policyUri,
    tos_uri: tosUri,
  }
  let body: Loose = {}
  try {
    const asked = wanted as Partial<OmitSymbolProperties<Client>>
    const response = await dynamicClientRegistrationRequest(metadata, asked, requestOptions(transport))
    body = Object(
      (await response
        .clone()
        .json()
        .catch(() => undefined)) as unknown,
    ) as Loose
    // Before anything else looks at the answer: a secret is not even quoted in an error.
    if (body.client_secret !== undefined && body.client_secret !== null) throw unusable('client_secret')
    return checkAnswer(await processDynamicClientRegistrationResponse(response), redirectUri)
  } catch (error) {
    throw error instanceof TelnyxAuthError ? error : refusal(error, body, now())
  }
}
