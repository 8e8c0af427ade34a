import type { Context } from '../context.ts'
import type { LiveRecord } from '../model/record.ts'
import type { TelnyxAuthOptions } from '../options.ts'
import { revoke } from '../protocol/revocation.ts'
import type { SignOutResult } from '../telnyx-auth.ts'
import { discover } from './discover.ts'
import { within } from './within.ts'

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

async function revokeAsTheAppSays(
  onRevoke: NonNullable<TelnyxAuthOptions['onRevoke']>,
  { token, refreshToken }: Revocable,
): Promise<SignOutResult> {
  const tokens = { accessToken: token.accessToken, ...(refreshToken && { refreshToken }) }
  return (await onRevoke(tokens)) ? { revoked: true } : { revoked: false, reason: 'failed' }
}

/** Revokes as the app said, else as the server offers; for as long as a token request may take. Never rejects. */
export async function revokeSession(context: Context, session: Revocable): Promise<SignOutResult> {
  const { clock, options } = context
  const { onRevoke, requestTimeoutMs } = options
  const revoked = onRevoke ? revokeAsTheAppSays(onRevoke, session) : revokeTokens(context, session)
  return within(clock, revoked, requestTimeoutMs).catch(() => ({ revoked: false, reason: 'failed' }))
}
