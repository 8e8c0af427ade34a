'use client'

import type { TelnyxAuth } from '@telnyx-oauth/core'
import { type Context, createContext, useContext } from 'react'

// Bundlers put a literal here, as they do for React itself.
declare const process: { readonly env: { readonly NODE_ENV?: string } }

/** Carries the client, never its state: a context value that changed with every refresh would render everybody. */
export const ClientContext: Context<TelnyxAuth | undefined> = createContext<TelnyxAuth | undefined>(undefined)

/**
 * The client of the nearest `TelnyxAuthProvider`: for handlers and effects. It does not change when the session
 * does, so calling this never renders a component again.
 *
 * @throws {Error} there is no `TelnyxAuthProvider` above
 */
export function useTelnyxAuthClient(): TelnyxAuth {
  const client = useContext(ClientContext)
  if (!client)
    throw new Error(
      process.env.NODE_ENV === 'production'
        ? 'Add a TelnyxAuthProvider'
        : 'There is no TelnyxAuthProvider above this component: wrap the app in <TelnyxAuthProvider client={auth}>. If it is, @telnyx-oauth/react is installed twice.',
    )
  return client
}
