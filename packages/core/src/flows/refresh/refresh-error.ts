import { errorTable } from '../../error-table.ts'
import { isTelnyxAuthError, TelnyxAuthError } from '../../errors.ts'
import type { RefreshFailures } from '../../model/record.ts'

/** Any failure as an error of the closed list. */
export const refreshError = (cause: unknown): TelnyxAuthError =>
  isTelnyxAuthError(cause) ? cause : new TelnyxAuthError('storage_failed', { phase: 'refresh', cause })

/** The failure of another tab, as an error of this one; a newer version may know codes that this one does not. */
export function failureOf({ code, server }: RefreshFailures, retryAfterMs: number): TelnyxAuthError {
  const known = Object.hasOwn(errorTable, code) ? code : 'server_unavailable'
  return new TelnyxAuthError(known, { phase: 'refresh', server, retryAfterMs })
}
