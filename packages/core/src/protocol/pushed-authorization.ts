import { postForm } from './form-request.ts'
import { ResponseError } from './response-error.ts'
import { refusal } from './token-response.ts'
import type { Metadata, Transport } from './transport.ts'

/**
 * Tells the server what the authorization request asks for, away from the URL.
 *
 * @returns what is left for the URL: a reference that is good once, and soon expires
 * @throws {ResponseError} the server refuses it, or sends no reference
 * @see RFC 9126 sections 2 and 4
 */
export async function pushAuthorization(
  transport: Transport,
  metadata: Metadata,
  parameters: URLSearchParams,
): Promise<URLSearchParams> {
  const response = await postForm(transport, metadata.pushed_authorization_request_endpoint, parameters)
  if (response.status !== 201) throw await refusal(response)
  const isJson = /^application\/json\s*(;|$)/i.test(response.headers.get('content-type') ?? '')
  const body: unknown = isJson ? await response.json().catch(() => undefined) : undefined
  const { request_uri: uri, expires_in: seconds } = Object(body) as Readonly<Record<string, unknown>>
  const isRight = typeof uri === 'string' && uri && Number.parseFloat(String(seconds)) >= 0
  if (!isRight) throw new ResponseError('response_invalid', response)
  return new URLSearchParams({ client_id: transport.clientId, request_uri: uri })
}
