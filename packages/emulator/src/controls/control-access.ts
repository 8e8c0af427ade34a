import type { Context } from '../http/http.ts'
import type { ControlAccess } from '../options/options.ts'

const LOOPBACK = /^(localhost|[^/]+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/

/**
 * Says why a request may not use the controls; `undefined` if it may.
 *
 * Another page in the same browser could read the log and replace redirect URIs, by its own origin or by a name of
 * its own that resolves to this machine. So both the `Origin` and the `Host` are loopback, unless the options say more.
 */
export function controlRefusal(
  ctx: Context,
  { hosts = [], origins = [] }: ControlAccess,
): string | undefined {
  const [host, origin] = [hostNameOf(`http://${ctx.get('Host')}`), ctx.get('Origin')]
  if (!LOOPBACK.test(host) && !hosts.includes(host))
    return `the controls are not for the host ${host}: the option "controlAccess.hosts" adds it`
  if (origin === '' || origins.includes(origin) || LOOPBACK.test(hostNameOf(origin))) return undefined
  return `the controls are not for pages of ${origin}: the option "controlAccess.origins" adds them`
}

function hostNameOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : ''
}
