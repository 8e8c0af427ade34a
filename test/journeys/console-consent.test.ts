import { createTelnyxApi, exchangeAuthorizationCode } from '@telnyx-oauth/api'
import { describe } from 'vitest'
import { APP, askedByApp, askedOf, redirectUri, sendToConsole, startApp } from './support/consent-pages.ts'
import { decide, pressByKeyboard, seen, signIn } from './support/demo-pages.ts'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'
import { violations } from './support/violations.ts'

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
