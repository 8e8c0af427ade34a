import type { Emulator, EmulatorOptions } from '@telnyx-oauth/emulator'
import type { Page } from 'playwright'
import { authorizeUrl } from '../../support/emulator-sign-in.ts'
import type { BrowserUser } from './browser-user.ts'
import { signIn } from './demo-pages.ts'
import { expect } from './expect.ts'
import type { Site } from './listen-on.ts'

/** The web site of an app of somebody else. */
export const APP = 'https://parcelbird.example'
export const redirectUri: string = `${APP}/callback`

/** Brings an app of somebody else into the world: the server knows it, and its web site answers. */
export async function startApp(
  emulator: Emulator,
  { context }: BrowserUser,
): Promise<ReturnType<typeof authorizeUrl>> {
  emulator.addClient({
    clientId: 'parcelbird',
    name: 'Parcelbird Tracking',
    redirectUris: [redirectUri],
    scopes: ['messaging.write', 'numbers.read'],
    logoUri: `${APP}/logo.svg`,
    policyUri: `${APP}/privacy`,
    tosUri: 'javascript:alert(1)',
    verified: false,
  })
  const logo =
    '<svg xmlns="http://www.w3.org/2000/svg" width="56" height="56"><rect width="56" height="56"/></svg>'
  await context.route(`${APP}/**`, (route) =>
    new URL(route.request().url()).pathname === '/logo.svg'
      ? route.fulfill({ contentType: 'image/svg+xml', body: logo })
      : route.fulfill({ contentType: 'text/html', body: '<title>Parcelbird</title>' }),
  )
  return authorizeUrl(emulator.issuer, {
    clientId: 'parcelbird',
    redirectUri,
    scope: 'messaging.write numbers.read',
  })
}

/** Opens the console, signs in, and goes where the app sends people. */
export async function askedByApp(user: BrowserUser, url: string): Promise<Page> {
  const page = await user.open()
  await signIn(page)
  await page.goto(url)
  await expect(page.getByText('Parcelbird Tracking').first()).toBeVisible()
  return page
}

/** What reached the server's consent endpoints, in order. */
export function askedOf(
  emulator: Emulator,
): readonly (readonly [method: string, status: number | undefined])[] {
  return emulator.requests({ endpoint: 'consent' }).map(({ method, status }) => [method, status])
}

/** Lets the server send users to the console for consent. */
export const sendToConsole = ({ consoleSite }: { readonly consoleSite: Site }): EmulatorOptions => ({
  consentUrl: { url: `${consoleSite.origin}/consent`, except: ['telnyx-demo'] },
})
