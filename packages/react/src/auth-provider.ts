import { createTelnyxAuth, type TelnyxAuth, type TelnyxAuthOptions } from '@telnyx-oauth/core'
import { createElement, type ReactElement, type ReactNode, useEffect, useMemo, useRef } from 'react'
import { ClientContext } from './use-auth-client.ts'
import { warnAboutChange } from './warn-about-change.ts'

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
 * @throws {TypeError} an option is wrong
 */
export function TelnyxAuthProvider(props: TelnyxAuthProviderProps): ReactElement {
  const { children, client: given, ...rest } = props
  const options = rest as TelnyxAuthOptions
  const latest = useRef(options)
  // Making a client while rendering costs nothing: it is inert until it is used.
  const client = useMemo(() => {
    // Routers hand out a new function now and then.
    const navigate = (path: string) => latest.current.navigate?.(path)
    return given ?? createTelnyxAuth({ ...options, ...(options.navigate && { navigate }) })
  }, [given])

  useEffect(() => {
    if (process.env.NODE_ENV !== 'production') warnAboutChange(client, latest.current, options)
    latest.current = options
  })

  useEffect(() => {
    // A page that reads no state yet must still finish a redirect callback. StrictMode disposes the client and comes
    // here again: it goes on where it was.
    void client.ready()
    return given ? undefined : client.dispose
  }, [client, given])

  return createElement(ClientContext.Provider, { value: client }, children)
}
