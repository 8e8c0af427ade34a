'use client'

import type { TelnyxAuth, TelnyxAuthOptions } from '@telnyx-oauth/core'
import { createElement, type ReactElement, type ReactNode, useEffect, useMemo } from 'react'
import { checkProps } from './check-props.ts'
import { type ProviderClient, providerClient } from './provider-client.ts'
import { ClientContext } from './use-auth-client.ts'
import { useChangeWarning } from './use-change-warning.ts'

// Bundlers put a literal here, as they do for React itself.
declare const process: { readonly env: { readonly NODE_ENV?: string } }

type Never<Props> = { readonly [Name in keyof Props]?: never }

/**
 * Either `client`, made once outside of React, or the options of `createTelnyxAuth` as props, `navigate` included.
 * A client keeps the options it was made with, so the two do not mix.
 */
export type TelnyxAuthProviderProps = { readonly children?: ReactNode } & (
  | ({
      /** The client to use. The provider starts it and never disposes it. */
      readonly client: TelnyxAuth
    } & Never<TelnyxAuthOptions>)
  | ({ readonly client?: never } & TelnyxAuthOptions)
)

/**
 * Gives the components below it one session. They render at once, with `status` `'pending'` until the stored
 * session was read or a sign-in was finished.
 *
 * With options as props the provider makes the client itself, and disposes it when it is unmounted. A client keeps
 * the options that it was made with: of the props, only `client` and `navigate` may change later.
 *
 * @throws {TypeError} an option is wrong, or `client` is no client
 */
export function TelnyxAuthProvider(props: TelnyxAuthProviderProps): ReactElement {
  const { children, client: given, ...rest } = props
  const options = rest as TelnyxAuthOptions
  if (process.env.NODE_ENV !== 'production') checkProps(props)
  // Making a client while rendering costs nothing: it is inert until it is used.
  const [client, setNavigate, mount] = useMemo<ProviderClient>(
    () => (given ? [given] : providerClient(options)),
    [given],
  )
  if (process.env.NODE_ENV !== 'production') useChangeWarning(client, options)

  useEffect(() => setNavigate?.(options.navigate))

  useEffect(() => {
    // A page that reads no state yet must still finish a redirect callback. StrictMode disposes the client and comes
    // here again: it goes on where it was.
    void client.ready()
    return mount?.()
  }, [client, mount])

  return createElement(ClientContext.Provider, { value: client }, children)
}
