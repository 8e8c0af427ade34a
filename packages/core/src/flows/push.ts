import type { Context } from '../context.ts'
import { TelnyxAuthError, type TelnyxAuthErrorCode } from '../errors.ts'
import type { ProofKey } from '../model/proof-key.ts'
import { pushAuthorization } from '../protocol/pushed-authorization.ts'
import { translateError } from '../protocol/translate-error.ts'
import type { Metadata } from '../protocol/transport.ts'
import { withDpop } from './server/with-dpop.ts'
import { TimeoutError, withTimeout } from './server/with-timeout.ts'

/** What failures of any request are called when they stop a sign-in before it left. */
const codesHere: Partial<Record<TelnyxAuthErrorCode, TelnyxAuthErrorCode>> = {
  request_rejected: 'authorization_failed',
}

/**
 * What an authorization request puts into the URL: a reference, where the server lets parameters be pushed. A server
 * that cannot be reached for that (it may know no CORS there), and does not insist, gets them in the URL.
 *
 * @throws {TelnyxAuthError} `authorization_failed`: the server refused them; `server_unavailable`, `network_error`
 * @see RFC 9126
 */
export async function pushed(
  context: Context,
  metadata: Metadata,
  parameters: URLSearchParams,
  proofKey: ProofKey | undefined,
): Promise<URLSearchParams> {
  const { clock, options } = context
  const push = async () => {
    return pushAuthorization(await withDpop(context, context.transport, proofKey), metadata, parameters)
  }
  try {
    return await withTimeout(clock, push(), options.requestTimeoutMs)
  } catch (cause) {
    if (cause instanceof TimeoutError)
      throw new TelnyxAuthError('server_unavailable', { phase: 'sign-in', cause })
    const { code, cause: harmless, server, retryAfterMs } = translateError(cause, clock.now())
    if (code === 'network_error' && !metadata.require_pushed_authorization_requests) return parameters
    const details = { cause: harmless, server, retryAfterMs, phase: 'sign-in' as const }
    throw new TelnyxAuthError(codesHere[code] ?? code, details)
  }
}
