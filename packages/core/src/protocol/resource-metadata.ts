import { processResourceDiscoveryResponse, resourceDiscoveryRequest } from 'oauth4webapi'
import { TelnyxAuthError } from '../errors.ts'
import { isSecureUrl, parseUrl } from '../model/urls.ts'
import { metadataError } from './metadata.ts'
import { requestOptions, type Transport } from './transport.ts'

/**
 * Finds the issuer of the authorization server that protects `resource`: the first one it names.
 *
 * @throws {TelnyxAuthError} `metadata_unavailable`, `metadata_invalid`
 * @see RFC 9728 sections 3 and 7.6
 */
export async function issuerOfResource(transport: Transport, resource: string, now: number): Promise<string> {
  const url = new URL(resource)
  const { authorization_servers: issuers } = await resourceDiscoveryRequest(url, requestOptions(transport))
    .then((response) => processResourceDiscoveryResponse(url, response))
    .catch((error: unknown) => {
      throw metadataError(error, now)
    })
  const issuer = Array.isArray(issuers) ? parseUrl(issuers[0]) : undefined
  if (!issuer || !isSecureUrl(issuer)) {
    throw new TelnyxAuthError('metadata_invalid', { subject: 'authorization_servers' })
  }
  return String(issuers?.[0])
}
