import type { TokenResponse } from '../model/token-response.ts'
import { type Body, codeOfStatus, ResponseError } from './response-error.ts'
import type { Transport } from './transport.ts'

/** The value of JSON; `undefined` for any other text. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isBody = (value: unknown): value is Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The members of an error response, and whether it leaves open what is wrong. @see RFC 6749 section 5.2 */
async function readError(response: Response): Promise<{ readonly body: Body; readonly isVague: boolean }> {
  const { status, headers } = response
  const text = status >= 500 ? '' : await response.text()
  const json = parseJson(text)
  const isJson = /\bjson\b/i.test(headers.get('content-type') ?? '') && json !== undefined
  const body = isJson && isBody(json) && status >= 400 ? json : {}
  const { error } = body
  const isVague = isJson ? typeof error !== 'string' || !error || error === 'invalid_request' : !text.trim()
  return { body, isVague }
}

/** A response that is no success, for any request but one for tokens. */
export async function refusal(response: Response): Promise<ResponseError> {
  return new ResponseError(codeOfStatus(response.status), response, (await readError(response)).body)
}

/** Reads a success. Any content type will do: the page of a captive portal is no JSON. */
async function readSuccess(response: Response): Promise<Body> {
  const json = parseJson(await response.text())
  if (isBody(json)) return json
  throw new ResponseError('response_invalid', response)
}

/** Errors of a refresh that pass: none but a page, as of a gateway while a server is deployed, or one that says so. */
const passing: readonly unknown[] = [undefined, 'server_error', 'temporarily_unavailable', 'slow_down']

/**
 * Reads the body of a token response.
 *
 * @param isRefresh whether a vague refusal may mean that the refresh token is dead: many servers have no better words
 * @throws {ResponseError} `response_invalid`: a success without a JSON object; `invalid_grant`; `refresh_rejected`: 400
 *   or 401 that is empty, or JSON without `error` or with `invalid_request`; `server_unavailable`, `request_rejected`
 * @see RFC 6749 sections 5.1 and 5.2
 */
export async function readTokenBody(response: Response, isRefresh: boolean): Promise<Body> {
  if (response.ok) return readSuccess(response)
  const { status } = response
  const { body, isVague } = await readError(response)
  let code = codeOfStatus(status)
  if (isRefresh && status >= 400 && passing.includes(body.error)) code = 'server_unavailable'
  if (body.error === 'invalid_grant') code = 'invalid_grant'
  else if (isRefresh && isVague && (status === 400 || status === 401)) code = 'refresh_rejected'
  throw new ResponseError(code, response, body)
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() ? value : undefined

function secondsOf(value: unknown): number | undefined {
  const seconds = typeof value === 'string' ? Number(value) : value
  return typeof seconds === 'number' && seconds > 0 && seconds < Infinity ? seconds : undefined
}

/** Takes from a token response what can be used. An odd member costs itself, never the others. */
export function parseTokenResponse(body: Body, proves: Transport['proves']): TokenResponse {
  const { access_token: accessToken, scope } = body
  const type = body.token_type ?? ''
  // A server that names no type means the only one there was before RFC 9449.
  const tokenType = typeof type === 'string' && (type.trim().toLowerCase() || 'bearer')
  const isBound = tokenType === 'dpop'
  const isRightType = isBound ? proves : tokenType === 'bearer' && proves !== 'must'
  // `Headers` refuses anything else, and quotes it in its error.
  const isToken = typeof accessToken === 'string' && /^[!-~]+$/.test(accessToken)
  const isUsable = isToken && isRightType
  return {
    accessToken: isUsable ? accessToken : undefined,
    problem: isUsable ? undefined : isToken ? 'token_type' : 'access_token',
    tokenType: isBound ? 'DPoP' : undefined,
    expiresInSeconds: secondsOf(body.expires_in),
    refreshToken: textOf(body.refresh_token),
    refreshTokenExpiresInSeconds: secondsOf(body.refresh_token_expires_in ?? body.refresh_expires_in),
    scope: textOf(Array.isArray(scope) && scope.every(textOf) ? scope.join(' ') : scope),
    claims: undefined,
  }
}
