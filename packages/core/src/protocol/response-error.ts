import type { ErrorCode } from '../error-table.ts'

/** A JSON object as it came, before any check of its members. */
export type Body = Readonly<Record<string, unknown>>

/** A response of the token endpoint that brings no token. Its members are foreign text: only `translateError` reads them. */
export class ResponseError extends Error {
  override readonly name = 'ResponseError'
  readonly code: ErrorCode
  readonly response: Response
  readonly error: string | undefined
  readonly error_description: unknown

  constructor(code: ErrorCode, response: Response, body: Body = {}) {
    super(`HTTP status ${response.status}`)
    this.code = code
    this.response = response
    this.error = typeof body.error === 'string' ? body.error : undefined
    this.error_description = body.error_description
  }
}

/** The error code of a status alone. */
export function codeOfStatus(status: number): ErrorCode {
  if (status === 429 || status === 408 || status >= 500) return 'server_unavailable'
  return status >= 400 ? 'request_rejected' : 'response_invalid'
}
