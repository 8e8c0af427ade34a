import { createTelnyxAuth, type TelnyxAuth, type TelnyxAuthOptions } from '@telnyx-oauth/core'
import { isServer } from './browser.ts'

/** A client; of one that a provider made of its props, also what the provider does with it. */
export type ProviderClient = readonly [
  client: TelnyxAuth,
  /** Takes over the function that routers replace now and then. */
  setNavigate?: (navigate: TelnyxAuthOptions['navigate']) => void,
  /** Keeps the client for one more mounted provider. @returns disposes it, if no other provider has it */
  mount?: () => () => void,
]

/** Clients of providers that are not mounted yet, by their options. */
const waiting = new Map<string, ProviderClient>()

/**
 * Makes the client of a provider. React forgets what a component made that suspends before it was ever mounted: every
 * attempt to render it gets the same client, or each would start one.
 */
export function providerClient(options: TelnyxAuthOptions): ProviderClient {
  // Functions are left out: those that are written inline are new in every attempt.
  const key = JSON.stringify(options)
  let { navigate } = options
  let mounted = 0
  const make = (): ProviderClient => {
    const client = createTelnyxAuth({ ...options, ...(navigate && { navigate: (path) => navigate?.(path) }) })
    return [
      client,
      (next) => {
        navigate = next
      },
      () => {
        waiting.delete(key)
        mounted += 1
        return () => {
          mounted -= 1
          if (!mounted) client.dispose()
        }
      },
    ]
  }
  const made = waiting.get(key) ?? make()
  // On a server no provider is ever mounted.
  if (!isServer()) waiting.set(key, made)
  return made
}
