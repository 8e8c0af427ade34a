import { None, processRevocationResponse, revocationRequest } from 'oauth4webapi'
import { clientOf, type Metadata, requestOptions, type Transport } from './transport.ts'

/**
 * Revokes `token`. Sent with `keepalive`, so that it survives the page: nothing of its answer is needed.
 *
 * @see RFC 7009 section 2.1
 */
export async function revoke(transport: Transport, metadata: Metadata, token: string): Promise<void> {
  const lasting: Transport = {
    ...transport,
    fetch: (input, init) => transport.fetch(input, { ...init, keepalive: true }),
  }
  const response = await revocationRequest(
    metadata,
    clientOf(transport),
    None(),
    token,
    requestOptions(lasting),
  )
  await processRevocationResponse(response)
}
