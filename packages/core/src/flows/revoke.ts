import type { Context } from '../context.ts'
import type { LiveRecord } from '../model/record.ts'
import { revoke } from '../protocol/revocation.ts'
import type { SignOutResult } from '../telnyx-auth.ts'
import { discover } from './discover.ts'

type Revocable = Pick<LiveRecord, 'token' | 'refreshToken'>

/**
 * Revokes the refresh token of a session, or its access token where it has none. Never rejects.
 *
 * @see RFC 7009 section 2
 */
export async function revokeTokens(
  context: Context,
  { token, refreshToken }: Revocable,
): Promise<SignOutResult> {
  try {
    const metadata = await discover(context)
    if (!metadata.revocation_endpoint) return { revoked: false, reason: 'not_supported' }
    await revoke(context.transport, metadata, refreshToken ?? token.accessToken)
    return { revoked: true }
  } catch {
    return { revoked: false, reason: 'failed' }
  }
}

/** Revokes as the app said, else as the server offers. Never rejects. */
export async function revokeSession(context: Context, session: Revocable): Promise<SignOutResult> {
  const { onRevoke } = context.options
  if (!onRevoke) return revokeTokens(context, session)
  const { token, refreshToken } = session
  const tokens = { accessToken: token.accessToken, ...(refreshToken && { refreshToken }) }
  const isRevoked = await onRevoke(tokens).catch(() => false)
  return isRevoked ? { revoked: true } : { revoked: false, reason: 'failed' }
}
