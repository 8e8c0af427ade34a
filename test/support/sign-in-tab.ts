import type { ModelServer } from './model-server.ts'
import { appOrigin } from './simulated-browser.ts'

/** The URL that the server would send the browser back to. */
export function callbackUrl(server: ModelServer, authorizationUrl: string): string {
  const url = new URL(authorizationUrl)
  const back = new URL(url.searchParams.get('redirect_uri') ?? '')
  back.searchParams.set('code', server.grant(authorizationUrl))
  back.searchParams.set('state', url.searchParams.get('state') ?? '')
  return back.href
}

/** The redirect URI with these parameters beside the `state` of the sign-in that `authorizationUrl` began. */
export function answerTo(authorizationUrl: string, parameters: Readonly<Record<string, string>>): string {
  const url = new URL('/callback', appOrigin)
  url.searchParams.set('state', new URL(authorizationUrl).searchParams.get('state') ?? '')
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url.href
}
