import { None, processPushedAuthorizationResponse, pushedAuthorizationRequest } from 'oauth4webapi'
import { clientOf, type Metadata, requestOptions, type Transport } from './transport.ts'

/**
 * Tells the server what the authorization request asks for, away from the URL.
 *
 * @returns what is left for the URL: a reference that is good once, and soon expires
 * @see RFC 9126 sections 2 and 4
 */
export async function pushAuthorization(
  transport: Transport,
  metadata: Metadata,
  parameters: URLSearchParams,
): Promise<URLSearchParams> {
  const client = clientOf(transport)
  const options = requestOptions(transport)
  const response = await pushedAuthorizationRequest(metadata, client, None(), parameters, options)
  const { request_uri } = await processPushedAuthorizationResponse(metadata, client, response)
  return new URLSearchParams({ client_id: transport.clientId, request_uri })
}
