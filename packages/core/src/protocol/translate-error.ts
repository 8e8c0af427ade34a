import type { AuthorizationResponseError, ResponseBodyError } from 'oauth4webapi'
import type { ErrorCode } from '../error-table.ts'
import { isTelnyxAuthError, type ServerAnswer, TelnyxAuthError } from '../errors.ts'
import { retryAfterMs } from '../model/retry-after.ts'
import { codeOfStatus, ResponseError } from './response-error.ts'
import { withoutSecrets } from './without-secrets.ts'

/**
 * What may be told of a foreign error. Its own `cause` may hold response bodies with tokens, and the text of a
 * JSON error quotes them, so only the outermost name and message are kept.
 */
function harmless(error: unknown, clean: (text: string) => string): Error {
  const { name, message } = error instanceof Error ? error : new Error(typeof error)
  return Object.assign(new Error(clean(message)), { name })
}

function responseOf(error: unknown): Response | undefined {
  const { response, cause } = error as { response?: unknown; cause?: unknown }
  return [response, cause].find((value): value is Response => value instanceof Response)
}

function codeFor(error: unknown, response: Response | undefined): ErrorCode {
  if (error instanceof ResponseError) return error.code
  if (response) return codeOfStatus(response.status)
  // `fetch` itself rejects with a TypeError that has no code; oauth4webapi's have one.
  return error instanceof TypeError && !('code' in error) ? 'network_error' : 'response_invalid'
}

type NamedError = ResponseError | ResponseBodyError | AuthorizationResponseError

/** Told by its member: an `instanceof` would need the code of oauth4webapi. */
const isNamed = (error: unknown): error is NamedError => error instanceof Error && 'error' in error

/** The server's own words, short, and without what it may have echoed. */
function serverAnswer(
  response: Response | undefined,
  named: NamedError | undefined,
  clean: (text: string) => string,
): ServerAnswer | undefined {
  if (!response && !named) return undefined
  const description: unknown = named?.error_description
  return {
    ...(response && { status: response.status }),
    ...(typeof named?.error === 'string' && named.error && { error: clean(named.error) }),
    ...(typeof description === 'string' && description && { description: clean(description) }),
  }
}

/**
 * Turns whatever oauth4webapi or `fetch` threw into a {@link TelnyxAuthError}: the only place that does.
 *
 * @param secrets values the server may have echoed; they are cut out of its words
 */
export function translateError(
  error: unknown,
  now: number,
  secrets: readonly string[] = [],
): TelnyxAuthError {
  if (isTelnyxAuthError(error)) return error
  const clean = (text: string) => withoutSecrets(text, secrets).slice(0, 200)
  const response = responseOf(error)
  return new TelnyxAuthError(codeFor(error, response), {
    cause: harmless(error, clean),
    retryAfterMs: retryAfterMs(response?.headers.get('retry-after') ?? null, now),
    server: serverAnswer(response, isNamed(error) ? error : undefined, clean),
  })
}
