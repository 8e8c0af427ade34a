import { postForm } from './form-request.ts'
import { refusal } from './token-response.ts'
import { translateError } from './translate-error.ts'
import type { Metadata, Transport } from './transport.ts'

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
  try {
    const response = await postForm(transport, metadata.revocation_endpoint, { token }, { keepalive: true })
    if (response.status !== 200) throw await refusal(response)
  } catch (error) {
    throw translateError(error, now(), [token])
  }
}
