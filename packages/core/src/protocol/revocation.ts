import { None, processRevocationResponse, revocationRequest } from 'oauth4webapi'
import { translateError } from './translate-error.ts'
import { clientOf, type Metadata, requestOptions, type Transport } from './transport.ts'

/**
 * Revokes `token`. Sent with `keepalive`, so that it survives the page: nothing of its response is needed.
 *
 * @throws {TelnyxAuthError} with `server.status`, where the server responded
 * @see RFC 7009 section 2.1
 */
export async function revoke(
  transport: Transport,
  metadata: Metadata,
  token: string,
  now: () => number,
): Promise<void> {
  const lasting: Transport = {
    ...transport,
    fetch: (input, init) => transport.fetch(input, { ...init, keepalive: true }),
  }
  try {
    const client = clientOf(transport)
    const options = requestOptions(lasting)
    const response = await revocationRequest(metadata, client, None(), token, options)
    await processRevocationResponse(response)
  } catch (error) {
    throw translateError(error, now(), [token])
  }
}
