import type { ModelServer } from './model-server.ts'
import { appOrigin, type SimulatedBrowser, type SimulatedTab } from './simulated-browser.ts'
import { settle } from './simulated-clock.ts'

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

/** Signs a person in, in a tab that comes back from the server; every other tab hears of it. */
export async function signInTab(
  browser: SimulatedBrowser,
  server: ModelServer,
  ...given: Parameters<SimulatedBrowser['open']>
): Promise<SimulatedTab> {
  const leaving = browser.open(...given)
  await leaving.auth.ready()
  await leaving.auth.signIn({ returnTo: '/inbox' })
  leaving.auth.dispose()
  const { page } = leaving
  page.navigate(callbackUrl(server, page.href()))
  const tab = browser.open(given[0], { ...given[1], page })
  await tab.auth.ready()
  await settle()
  return tab
}

export { appOrigin }
