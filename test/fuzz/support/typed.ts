import { isTelnyxAuthError, type TelnyxAuthErrorCode } from '../../../packages/core/src/errors.ts'

/** The code of an error that may be expected. @throws any other */
export function typed(failure: unknown): TelnyxAuthErrorCode {
  if (isTelnyxAuthError(failure)) return failure.code
  throw failure
}
