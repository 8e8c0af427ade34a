import type { Middleware } from './http.ts'

/**
 * Lets requests arrive under the origin that the option `issuer` names.
 *
 * Behind a TLS proxy the emulator itself is reached over plain HTTP. Redirects and the `Secure` attribute of cookies
 * follow from the protocol and the host of a request, and not every proxy passes these on in headers. Redirects follow
 * from the path of the issuer too.
 */
export function publicOrigin(issuer: string | undefined): Middleware {
  if (issuer === undefined) return (_ctx, next) => next()
  const { protocol, host, pathname } = new URL(issuer)
  const mountPath = pathname.replace(/\/$/, '')
  return (ctx, next) => {
    // Read by oidc-provider.
    Object.assign(ctx, { mountPath })
    Object.defineProperties(ctx.request, {
      protocol: { value: protocol.slice(0, -1) },
      host: { value: host },
    })
    return next()
  }
}
