import type { TelnyxApiOptions } from './options.ts'
import { createSend, type Send } from './request.ts'
import { assertFields, callable, credential, type Rule } from './validation.ts'

declare const opaque: unique symbol

/** What every operation takes first. Frozen; logging or serialising it shows no credential. */
export interface TelnyxApi {
  readonly [opaque]: true
}

interface Internals {
  readonly baseUrl: string
  readonly send: Send
}

/** Plain http would show the credentials to the network; requests could not keep the parts that are refused. */
const apiUrl: Rule = [
  (value) =>
    URL.canParse(value as string) &&
    /^http(s|(?=:..(localhost|127[.\d]+|\[::1])([:/]|$))):\/\/[^@?#]+$/.test(value as string),
  'https (http on loopback) without user, query, fragment',
]
const positive: Rule = [(value) => typeof value === 'number' && value > 0, 'a positive number']
const count: Rule = [(value) => Math.floor(value as number) === value && value >= 0, 'a whole number from 0']

/**
 * Says where the API is and who calls it; sends nothing yet.
 *
 * @throws {TypeError} if an option is unknown, such as `baseURL`, or breaks its rule
 */
export function createTelnyxApi(options: TelnyxApiOptions = {}): TelnyxApi {
  assertFields<TelnyxApiOptions>(options, {
    apiKey: credential,
    getAccessToken: [(value) => typeof value === 'function' && !options.apiKey, 'a function, without apiKey'],
    baseUrl: apiUrl,
    fetch: callable,
    timeoutMs: positive,
    maxRetries: count,
  })
  const baseUrl = (options.baseUrl ?? 'https://api.telnyx.com/v2').replace(/\/*$/, '/')
  return Object.freeze<Internals>({ baseUrl, send: createSend(baseUrl, options) }) as unknown as TelnyxApi
}

/** The inside of the handle, for operations only. */
export function internals(api: TelnyxApi): Internals {
  return api as unknown as Internals
}
