import { createTelnyxApi, type TelnyxApi, TelnyxApiError } from '@telnyx-oauth/api'
import { auth } from './auth.ts'
import { config } from './config.ts'
import { missingScope } from './words/api-problem.ts'

/** The Telnyx API for whoever is signed in. Operations go through {@link asPerson}. */
const personal: TelnyxApi = createTelnyxApi({ baseUrl: config.apiBase, getAccessToken: auth.getAccessToken })

/**
 * The Telnyx API for nobody: metadata, keys, registration, and what a client asks in its own name. A refusal is shown at
 * once: some of it is limited to a few calls an hour, and nobody wants to watch a minute of silent tries.
 */
export const publicApi: TelnyxApi = createTelnyxApi({ baseUrl: config.apiBase, maxRetries: 0 })

/**
 * Runs an operation as the person who is signed in; once more with a new token, should the server not take the token
 * any more that this browser still believes in.
 *
 * @throws what the operation throws, and what a refresh throws
 */
export async function asPerson<T>(operation: (api: TelnyxApi) => Promise<T>): Promise<T> {
  try {
    return await operation(personal)
  } catch (error) {
    if (!isTokenRefused(error)) throw error
    await auth.refresh()
    return operation(personal)
  }
}

function isTokenRefused(error: unknown): boolean {
  return error instanceof TelnyxApiError && error.status === 401 && !missingScope(error)
}
