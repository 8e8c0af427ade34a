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

/** Without user information, query and fragment, which requests could not keep. */
const absoluteUrl: Rule = [
  (value) => /^https?:\/\/[^@?#]+$/.test(`${value}`) && URL.canParse(`${value}`),
  'an absolute http(s) URL',
]
const positive: Rule = [(value) => typeof value === 'number' && value > 0, 'a positive number']
const count: Rule = [(value) => typeof value === 'number' && value >= 0, 'a number from 0']

/**
 * Says where the API is and who calls it; sends nothing yet.
 *
 * @throws {TypeError} if an option is unknown, such as `baseURL`, or breaks its rule
 */
export function createTelnyxApi(options: TelnyxApiOptions = {}): TelnyxApi {
  assertFields<TelnyxApiOptions>(options, {
    apiKey: credential,
    getAccessToken: callable,
    baseUrl: absoluteUrl,
    fetch: callable,
    timeoutMs: positive,
    maxRetries: count,
  })
  const baseUrl = `${options.baseUrl ?? 'https://api.telnyx.com/v2'}`.replace(/\/*$/, '/')
  const internals: Internals = { baseUrl, send: createSend(baseUrl, options) }
  return Object.freeze(internals) as unknown as TelnyxApi
}

/** The inside of the handle, for operations only. */
export function internals(api: TelnyxApi): Internals {
  return api as unknown as Internals
}
