import type { Context } from '../http/http.ts'
import type { ControlAccess } from '../options/options.ts'

const LOOPBACK = /^(localhost|[^/]+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/
const LOOPBACK_ADDRESS = /^(::1|(::ffff:)?127(\.\d{1,3}){3})$/
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host'] as const

/**
 * Says why a request may not use the controls; `undefined` if it may.
 *
 * Another page in the same browser could read the log and replace redirect URIs, by its own origin or by a name of
 * its own that resolves to this machine. So both the `Origin` and the `Host` are loopback, unless the options say more.
 * Another machine can send any `Host`: so the address of the socket is loopback too, and no proxy has sent the request
 * on, unless the options name the host.
 */
export function controlRefusal(
  ctx: Context,
  { hosts = [], origins = [] }: ControlAccess,
): string | undefined {
  const [host, origin] = [hostNameOf(`http://${ctx.get('Host')}`), ctx.get('Origin')]
  if (!hosts.includes(host)) {
    if (!LOOPBACK.test(host))
      return `the controls are not for the host ${host}: the option "controlAccess.hosts" adds it`
    if (!isFromThisMachine(ctx))
      return `the controls are not for other machines: the option "controlAccess.hosts" lets them use the host ${host}`
  }
  if (origin === '' || origins.includes(origin) || LOOPBACK.test(hostNameOf(origin))) return undefined
  return `the controls are not for pages of ${origin}: the option "controlAccess.origins" adds them`
}

function isFromThisMachine({ req }: Context): boolean {
  const isForwarded = FORWARDED.some((name) => req.headers[name] !== undefined)
  return !isForwarded && LOOPBACK_ADDRESS.test(req.socket.remoteAddress ?? '')
}

function hostNameOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : ''
}
