import { createTelnyxApi, exchangeAuthorizationCode } from '@telnyx-oauth/api'
import type { Emulator, EmulatorOptions } from '@telnyx-oauth/emulator'
import type { Page } from 'playwright'
import { expect } from 'playwright/test'
import { describe } from 'vitest'
import { authorizeUrl } from '../support/emulator-sign-in.ts'
import type { BrowserUser } from './support/browser-user.ts'
import { decide, pressByKeyboard, seen, signIn } from './support/demo-pages.ts'
import { test } from './support/fixtures.ts'
import type { Site } from './support/listen-on.ts'
import { violations } from './support/violations.ts'

const APP = 'https://parcelbird.example'
const redirectUri = `${APP}/callback`

/** Brings an app of somebody else into the world: the server knows it, and its web site answers. */
async function startApp(emulator: Emulator, { context }: BrowserUser) {
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
async function askedByApp(user: BrowserUser, url: string): Promise<Page> {
  const page = await user.open()
  await signIn(page)
  await page.goto(url)
  await expect(page.getByText('Parcelbird Tracking').first()).toBeVisible()
  return page
}

/** What reached the server's consent endpoints, in order. */
function askedOf(emulator: Emulator): readonly (readonly [method: string, status: number | undefined])[] {
  return emulator.requests({ endpoint: 'consent' }).map(({ method, status }) => [method, status])
}

/** Lets the server send users to the console for consent. */
const sendToConsole = ({ consoleSite }: { readonly consoleSite: Site }): EmulatorOptions => ({
  consentUrl: { url: `${consoleSite.origin}/consent`, except: ['telnyx-demo'] },
})

describe('the consent page', () => {
  test.override('emulatorOptions', sendToConsole)

  test('shows who asks for what; by keyboard, the person allows it and the app gets its token', async ({
    consoleUser: user,
    emulator,
  }) => {
    const { url, codeVerifier, state } = await startApp(emulator, user)
    const page = await askedByApp(user, url)
    await expect(page.getByText('not verified')).toBeVisible()
    await expect(page.getByText('Telnyx has not checked who makes this app.')).toBeVisible()
    await expect(page.getByText('Send messages and change messaging profiles')).toBeVisible()
    await expect(page.getByText('See your phone numbers and orders')).toBeVisible()
    await expect(page.getByText(`Either way you go back to ${APP}.`)).toBeVisible()
    await expect(page.getByRole('link', { name: 'Privacy policy' })).toHaveAttribute('href', `${APP}/privacy`)
    await expect(page.getByText('Terms of service'), 'which is no web address').toHaveCount(0)
    const logo = page.locator('img')
    expect(await logo.evaluate((image: HTMLImageElement) => image.decode().then(() => image.width))).toBe(56)
    expect(await violations(page)).toEqual([])

    await pressByKeyboard(page, 'Allow')
    await page.waitForURL(`${redirectUri}?**`)
    const answer = new URL(page.url()).searchParams
    expect(answer.get('state')).toBe(state)
    const tokens = await exchangeAuthorizationCode(
      createTelnyxApi({ baseUrl: `${emulator.url}/v2` }),
      { client_id: 'parcelbird' },
      { code: String(answer.get('code')), redirect_uri: redirectUri, code_verifier: codeVerifier },
    )
    expect(tokens.scope?.split(' ').sort()).toEqual(['messaging.write', 'numbers.read'])
    expect(askedOf(emulator)).toEqual([
      ['GET', 200],
      ['POST', 200],
    ])
    const [ava] = emulator.accounts
    expect(emulator.grants.at(-1)).toMatchObject({ accountId: ava?.id, clientId: 'parcelbird' })
  })

  test('tells the app when the person denies', async ({ consoleUser: user, emulator }) => {
    const { url, state } = await startApp(emulator, user)
    const page = await askedByApp(user, url)
    await page.getByRole('button', { name: 'Deny' }).click()
    await page.waitForURL(`${redirectUri}?**`)
    const answer = new URL(page.url()).searchParams
    expect([answer.get('error'), answer.get('state'), answer.get('code')]).toEqual([
      'access_denied',
      state,
      null,
    ])
    expect(emulator.grants.map(({ clientId }) => clientId)).toEqual(['telnyx-demo'])
  })

  test('lets a person who is signed out sign in first, and comes back to the request', async ({
    consoleUser: user,
    emulator,
  }) => {
    const { url } = await startApp(emulator, user)
    const page = await user.context.newPage()
    await page.goto(url)
    await seen.signInButton(page).click()
    await decide(page, 'Allow')
    await expect(page.getByRole('heading', { name: 'An app asks for access' })).toBeVisible()
    await page.getByRole('button', { name: 'Allow' }).click()
    await page.waitForURL(`${redirectUri}?code=**`)
  })

  test('explains what it is for when nobody asks', async ({ consoleUser: user, consoleSite }) => {
    const page = await user.open()
    await signIn(page)
    await page.goto(`${consoleSite.origin}/consent`)
    await expect(page.getByRole('heading', { name: 'Nobody asks right now' })).toBeVisible()
    expect(await violations(page)).toEqual([])
  })
})

describe('a request for consent that goes wrong', () => {
  test.override('emulatorOptions', sendToConsole)
  test.override('userOptions', { mayFail: true })

  test('is over when the token was used, and one cannot try again', async ({
    consoleUser: user,
    emulator,
  }) => {
    const { url } = await startApp(emulator, user)
    const page = await askedByApp(user, url)
    const consentUrl = page.url()
    await page.getByRole('button', { name: 'Deny' }).click()
    await page.waitForURL(`${redirectUri}?**`)
    await page.goto(consentUrl)
    await expect(seen.problem(page)).toContainText('It has expired, was decided already, or never was.')
    await expect(page.getByRole('button', { name: 'Try again' })).toHaveCount(0)
    expect(await violations(page)).toEqual([])
  })

  test('says why a decision did not count, and sends it again', async ({ consoleUser: user, emulator }) => {
    const { url } = await startApp(emulator, user)
    const page = await askedByApp(user, url)
    emulator.fail('consent', { status: 403 })
    await page.getByRole('button', { name: 'Allow' }).click()
    await expect(seen.problem(page)).toContainText('This account may not do that')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.waitForURL(`${redirectUri}?code=**`)
    expect(askedOf(emulator).map(([, status]) => status)).toEqual([200, 403, 200])
  })

  test.for(['https://elsewhere.example/callback', 'javascript:document.title="run"'])(
    'does not follow an answer that leads to %s',
    async (target, { consoleUser: user, emulator }) => {
      const { url } = await startApp(emulator, user)
      const page = await askedByApp(user, url)
      const headers = { 'content-type': 'application/json' }
      emulator.fail('consent', { status: 200, headers, body: { redirect_uri: target } })
      await page.getByRole('button', { name: 'Allow' }).click()
      await expect(seen.problem(page)).toContainText('The way back is not the one that was shown')
      expect(new URL(page.url()).pathname).toBe('/consent')
    },
  )

  test('cannot be decided inside of another page', async ({ consoleUser: user, emulator }) => {
    const { url } = await startApp(emulator, user)
    const page = await askedByApp(user, url)
    await page.evaluate(() => {
      const frame = document.createElement('iframe')
      frame.src = location.href
      document.body.append(frame)
    })
    const framed = page.frameLocator('iframe')
    await expect(framed.getByText('This page is inside of another one')).toBeVisible()
    await expect(framed.getByRole('button', { name: 'Allow' })).toHaveCount(0)
  })
})
