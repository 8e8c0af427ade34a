import { type MissingAuthorization, TelnyxAuthError } from '../errors.ts'
import type { LiveRecord } from '../model/record.ts'
import { parseChallenges, wordsOf } from './challenge.ts'

/** Telnyx answers 401 where RFC 6750 has 403. */
const statusesOf = {
  insufficient_scope: [401, 403],
  insufficient_user_authentication: [401],
} as const

type DemandCode = keyof typeof statusesOf

const isDemand = (code: string | undefined, status: number): code is DemandCode =>
  code !== undefined &&
  Object.hasOwn(statusesOf, code) &&
  (statusesOf[code as DemandCode] as readonly number[]).includes(status)

/** The words of a list, without those that echo `secret`. */
const cleanWords = (list: string | undefined, secret: string): readonly string[] =>
  Object.freeze(wordsOf(list).filter((word) => !word.includes(secret)))

/**
 * What a resource demands beyond the token that it was sent, as an error; `undefined` where it demands nothing.
 *
 * @param resource what the token is for, where it is not the session's own
 * @see RFC 6750 section 3.1, RFC 9470 section 3
 */
export function demandIn(
  { status, headers }: Response,
  { token: { accessToken, scopes } }: Pick<LiveRecord, 'token'>,
  resource: string | undefined,
): TelnyxAuthError | undefined {
  const challenges = parseChallenges(headers.get('www-authenticate'))
  const parameters = challenges.find(({ parameters }) =>
    isDemand(parameters.get('error'), status),
  )?.parameters
  const code = parameters?.get('error')
  if (!parameters || !isDemand(code, status)) return undefined
  const demanded = cleanWords(parameters.get('scope'), accessToken)
  const lacking = demanded.filter((scope) => !scopes.includes(scope))
  const acrValues = cleanWords(parameters.get('acr_values'), accessToken)
  const maxAge = parameters.get('max_age') ?? ''
  const description = parameters.get('error_description')?.replaceAll(accessToken, '…').slice(0, 200)
  const missing: MissingAuthorization = {
    ...(demanded[0] && { scopes: Object.freeze(lacking[0] ? lacking : [...demanded]) }),
    ...(acrValues[0] && { acrValues }),
    ...(/^\d{1,10}$/.test(maxAge) && { maxAgeSeconds: Number(maxAge) }),
    ...(resource !== undefined && { resource }),
  }
  return new TelnyxAuthError(code, {
    missing: Object.freeze(missing),
    server: { status, error: code, ...(description && { description }) },
  })
}
