import { discoveryRequest, processDiscoveryResponse } from 'oauth4webapi'
import { TelnyxAuthError } from '../errors.ts'
import { isSecureUrl, parseUrl } from '../model/urls.ts'
import { translateError } from './translate-error.ts'
import { type Metadata, requestOptions, type Transport } from './transport.ts'

const neededEndpoints = ['authorization_endpoint', 'token_endpoint'] as const
const offeredEndpoints = ['revocation_endpoint', 'pushed_authorization_request_endpoint'] as const

/**
 * Asks `issuer` for its metadata.
 *
 * @param signal aborts the request when nobody waits for it any more
 * @throws {TelnyxAuthError} `metadata_unavailable`: no answer for now; `metadata_invalid`: not the metadata of
 *   this issuer
 * @see RFC 8414 section 3
 */
export async function requestMetadata(
  transport: Transport,
  issuer: string,
  now: number,
  signal?: AbortSignal,
): Promise<Metadata> {
  let metadata: Metadata
  try {
    const url = new URL(issuer)
    const options = { ...requestOptions(transport), algorithm: 'oauth2' as const, ...(signal && { signal }) }
    metadata = await processDiscoveryResponse(url, await discoveryRequest(url, options))
  } catch (error) {
    throw metadataError(error, now)
  }
  // Letter by letter, as RFC 8414 section 3.3 wants it: two URLs that mean the same are two issuers.
  if (metadata.issuer !== issuer) throw new TelnyxAuthError('metadata_invalid', { subject: 'issuer' })
  return metadata
}

/** Any failure of discovery as one of its two codes. */
export function metadataError(error: unknown, now: number): TelnyxAuthError {
  const { code, cause, server, retryAfterMs } = translateError(error, now)
  const passing = code === 'network_error' || code === 'server_unavailable'
  return new TelnyxAuthError(passing ? 'metadata_unavailable' : 'metadata_invalid', {
    cause,
    server,
    retryAfterMs,
  })
}

/**
 * The first endpoint of `metadata` that is missing, or that a browser client must not use.
 *
 * @see RFC 9700 section 2.6: https everywhere; loopback is for development
 */
export function wrongEndpoint(metadata: Metadata): string | undefined {
  const offered = offeredEndpoints.filter((endpoint) => metadata[endpoint] !== undefined)
  return [...neededEndpoints, ...offered].find((endpoint) => {
    const url = parseUrl(metadata[endpoint])
    return !url || !isSecureUrl(url)
  })
}

/** Refuses metadata with such an endpoint. @throws {TelnyxAuthError} `metadata_invalid` with the member at fault */
export function checkEndpoints(metadata: Metadata): Metadata {
  const subject = wrongEndpoint(metadata)
  if (subject) throw new TelnyxAuthError('metadata_invalid', { subject })
  return metadata
}
