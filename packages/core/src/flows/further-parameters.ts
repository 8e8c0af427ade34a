import type { Context } from '../context.ts'
import { checkOption } from '../options.ts'
import type { SignInOptions } from '../telnyx-auth.ts'

/** The parameters that are set here, or that would change where the others are read, or how the response comes. */
const protocolParameter =
  /^(response_(type|mode)|client_id|redirect_uri|scope|state|resource|code_challenge(_method)?|dpop_jkt|request(_uri)?)$/

/** @throws {TypeError} names the parameter at fault, never its value */
function check(option: string, parameters: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(parameters)) {
    if (protocolParameter.test(name))
      throw new TypeError(`${option} must not have the parameter "${name}": it belongs to the protocol`)
    if (typeof value !== 'string')
      throw new TypeError(
        `${option} must have texts only; "${name}" is ${value === null ? 'null' : typeof value}`,
      )
  }
}

/**
 * The parameters of the app for an authorization request: those of the client, and before them those of the sign-in.
 *
 * @throws {TypeError} one of them belongs to the protocol, or is no text
 * @see RFC 6749 section 4.1.1, RFC 8707 section 2, RFC 9101 section 5, RFC 9449 section 10
 */
export function furtherParameters(
  { options: { authorizationParameters } }: Context,
  { parameters = {} }: SignInOptions,
): Readonly<Record<string, string>> {
  checkOption('signIn', 'authorizationParameters', parameters, 'parameters')
  check('createTelnyxAuth: "authorizationParameters"', authorizationParameters)
  check('signIn: "parameters"', parameters)
  return { ...authorizationParameters, ...parameters }
}
