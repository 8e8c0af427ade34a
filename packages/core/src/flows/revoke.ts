import type { Context } from '../context.ts'
import { isTelnyxAuthError } from '../errors.ts'
import type { LiveRecord } from '../model/record.ts'
import type { TelnyxAuthOptions } from '../options.ts'
import { revoke } from '../protocol/revocation.ts'
import type { SignOutResult } from '../telnyx-auth.ts'
import { discover } from './discover.ts'
import { provingTransport } from './prove.ts'
import { within } from './within.ts'

type Revocable = Pick<LiveRecord, 'token' | 'refreshToken' | 'proofKey'>

/**
 * Revokes the refresh token of a session, or its access token where it has none. Never rejects.
 *
 * @see RFC 7009 section 2
 */
export async function revokeTokens(
  context: Context,
  { token, refreshToken, proofKey }: Revocable,
): Promise<SignOutResult> {
  try {
    const metadata = await discover(context)
    if (!metadata.revocation_endpoint) return { revoked: false, reason: 'not_supported' }
    const transport = await provingTransport(context, proofKey)
    await revoke(transport, metadata, refreshToken ?? token.accessToken, context.clock.now)
    return { revoked: true }
  } catch (error) {
    const status = isTelnyxAuthError(error) ? error.server?.status : undefined
    return { revoked: false, reason: 'failed', ...(status && { status }) }
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
