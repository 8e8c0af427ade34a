import { processResourceDiscoveryResponse, resourceDiscoveryRequest } from 'oauth4webapi'
import { TelnyxAuthError } from '../errors.ts'
import { isSecureUrl, parseUrl } from '../model/urls.ts'
import { metadataError } from './metadata.ts'
import { requestOptions, type Transport } from './transport.ts'

/** What a resource says of itself (RFC 9728 section 2). */
interface ResourceMetadata {
  readonly resource: string
  readonly authorization_servers?: unknown
  readonly scopes_supported?: unknown
}

/**
 * Asks `resource` for its metadata.
 * @throws {TelnyxAuthError} `metadata_unavailable`; `metadata_invalid`: not the metadata of this resource
 * @see RFC 9728 section 3
 */
export async function requestResourceMetadata(
  transport: Transport,
  resource: string,
  now: number,
  signal?: AbortSignal,
): Promise<ResourceMetadata> {
  const url = new URL(resource)
  return resourceDiscoveryRequest(url, { ...requestOptions(transport), ...(signal && { signal }) })
    .then((response) => processResourceDiscoveryResponse(url, response))
    .catch((error: unknown) => {
      throw metadataError(error, now)
    })
}

/**
 * The first authorization server in `named` that is allowed.
 *
 * @throws {TelnyxAuthError} `metadata_invalid`: there is no server in it; `issuer_not_allowed`
 * @see RFC 9728 section 7.6
 */
export function allowedIssuer(named: unknown, allowed: readonly string[]): string {
  const issuers: readonly unknown[] = Array.isArray(named) ? named : []
  const first = issuers.map((issuer) => parseUrl(issuer)).find((url) => url && isSecureUrl(url))
  if (!first) throw new TelnyxAuthError('metadata_invalid', { subject: 'authorization_servers' })
  const issuer = issuers.find((one): one is string => typeof one === 'string' && allowed.includes(one))
  if (issuer === undefined) throw new TelnyxAuthError('issuer_not_allowed', { subject: first.origin })
  return issuer
}

/**
 * Finds the issuer of the authorization server that protects `resource`: the first one it names of those in `allowed`.
 *
 * @throws {TelnyxAuthError} `metadata_unavailable`, `metadata_invalid`, `issuer_not_allowed`
 * @see RFC 9728 sections 3 and 7.6
 */
export async function issuerOfResource(
  transport: Transport,
  resource: string,
  allowed: readonly string[],
  now: number,
  signal?: AbortSignal,
): Promise<string> {
  const { authorization_servers: issuers } = await requestResourceMetadata(transport, resource, now, signal)
  return allowedIssuer(issuers, allowed)
}
