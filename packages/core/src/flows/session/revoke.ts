import type { Context } from '../../context.ts'
import { isTelnyxAuthError } from '../../errors.ts'
import type { LiveRecord } from '../../model/record.ts'
import type { TelnyxAuthOptions } from '../../options.ts'
import { revoke } from '../../protocol/revocation.ts'
import type { SignOutResult } from '../../telnyx-auth.ts'
import { discoverIssuer } from '../server/discover.ts'
import { withDpop } from '../server/with-dpop.ts'
import { withTimeout } from '../server/with-timeout.ts'

type Revocable = Pick<LiveRecord, 'issuer' | 'token' | 'refreshToken' | 'proofKey'>

/**
 * Revokes the refresh token of a session at its issuer, or its access token where it has none. Never rejects.
 *
 * @see RFC 7009 section 2
 */
export async function revokeTokens(
  context: Context,
  { issuer, token, refreshToken, proofKey }: Revocable,
): Promise<SignOutResult> {
  try {
    const metadata = await discoverIssuer(context, issuer)
    if (!metadata.revocation_endpoint) return { revoked: false, reason: 'not_supported' }
    const transport = await withDpop(context, context.transport, proofKey)
    await revoke(transport, metadata, refreshToken ?? token.accessToken, context.clock.now)
    return { revoked: true }
  } catch (error) {
    const status = isTelnyxAuthError(error) ? error.server?.status : undefined
    return { revoked: false, reason: 'failed', ...(status && { status }) }
  }
}

async function revokeByApp(
  onRevoke: NonNullable<TelnyxAuthOptions['onRevoke']>,
  { token, refreshToken }: Revocable,
): Promise<SignOutResult> {
  const tokens = { accessToken: token.accessToken, ...(refreshToken && { refreshToken }) }
  return (await onRevoke(tokens)) ? { revoked: true } : { revoked: false, reason: 'failed' }
}

/** Revokes by the app's `onRevoke`, else at the server; waits no longer than callers do. Never rejects. */
export async function revokeSession(context: Context, session: Revocable): Promise<SignOutResult> {
  const { clock, options } = context
  const { onRevoke, requestTimeoutMs } = options
  const revoked = onRevoke ? revokeByApp(onRevoke, session) : revokeTokens(context, session)
  return withTimeout(clock, revoked, requestTimeoutMs).catch(() => ({ revoked: false, reason: 'failed' }))
}
