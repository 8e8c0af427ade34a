'use client'

import type { TelnyxAuth } from '@telnyx-oauth/core'
import { useTelnyxAuthClient } from './use-auth-client.ts'

/**
 * The client's `fetch`, which adds the token to allow-listed requests. Its identity lasts as long as the client.
 *
 * @throws {Error} there is no `TelnyxAuthProvider` above
 * @see RFC 6750 section 2.1
 */
export function useTelnyxFetch(): TelnyxAuth['fetch'] {
  return useTelnyxAuthClient().fetch
}
