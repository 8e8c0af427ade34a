import type { Page } from 'playwright'
import { describe } from 'vitest'
import { openSignedIn, seen, tabTo } from './support/demo-pages.ts'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'
import { callsOf } from './support/log.ts'
import { violations } from './support/violations.ts'

async function fillIn(page: Page): Promise<void> {
  await page.getByLabel('Redirect URIs').fill('https://app.example.com/callback')
  await page.getByLabel('Name', { exact: true }).fill('My app')
}

const register = (page: Page) => page.getByRole('button', { name: 'Register', exact: true }).click()

describe('the page for registration', () => {
  test('registers a browser app without a secret, for whoever comes', async ({
    consoleUser: user,
    emulator,
  }) => {
    const page = await user.open('/register')
    await fillIn(page)
    await page.getByLabel('billing.read').check()
    await register(page)
    await expect(page.getByRole('heading', { name: 'My app is registered' })).toBeFocused()
    await expect(page.getByText('Client secret')).toHaveCount(0)
    expect(callsOf(emulator, 'register')).toEqual(['POST 201'])
    expect(emulator.clients.at(-1)).toMatchObject({
      name: 'My app',
      client_type: 'public',
      allowed_grant_types: ['authorization_code', 'refresh_token'],
      allowed_scopes: ['billing.read'],
      redirect_uris: ['https://app.example.com/callback'],
    })
  })

  test('shows the secret of a server once, and asks before it is left behind', async ({
    consoleUser: user,
  }) => {
    const page = await user.open('/register')
    await fillIn(page)
    await page.getByLabel('client_secret_basic').check()
    await register(page)
    const secret = page.getByText('Client secret').locator('..').locator('code')
    await expect(secret).toHaveText(/^\S{20,}$/)
    const text = (await secret.textContent()) ?? ''
    await page.getByRole('link', { name: 'Discovery' }).click()
    await expect(page.getByRole('dialog')).toContainText('Leave without the secret?')
    await page.getByRole('button', { name: 'Leave without it' }).click()
    await page.getByRole('heading', { name: 'Discovery' }).waitFor()
    await page.goBack()
    await expect(page.getByRole('heading', { name: 'Register an app' })).toBeVisible()
    expect(await page.content()).not.toContain(text)
  })

  test('says at the field what is wrong before the server is asked, by keyboard', async ({
    consoleUser: user,
    emulator,
  }) => {
    const page = await user.open('/register')
    await tabTo(page, 'button', 'Register')
    await page.keyboard.press('Enter')
    await expect(page.getByText('Enter at least one')).toBeVisible()
    await expect(page.getByLabel('Redirect URIs')).toBeFocused()
    await page.keyboard.type('https://app.example.com/callback')
    await tabTo(page, 'button', 'Register')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { name: 'is registered' })).toBeVisible()
    expect(callsOf(emulator, 'register')).toEqual(['POST 201'])
  })
})

describe('where the server refuses', () => {
  test.override('userOptions', { mayFail: true })

  test('the field at fault is marked, and too many tries say when the next one may be', async ({
    consoleUser: user,
    emulator,
  }) => {
    const page = await user.open('/register')
    await page.getByLabel('Redirect URIs').fill('https://app.example.com/callback')
    emulator.fail('register', {
      status: 400,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        error: 'invalid_client_metadata',
        error_description: 'the address of the logo is not accepted',
        invalid_fields: { logo_uri: ['is not accepted'] },
      }),
    })
    await register(page)
    await expect(page.getByLabel('Address of its logo')).toBeFocused()
    await expect(seen.problem(page)).toContainText('The client cannot be like this')
    emulator.fail('register', { status: 429, headers: { 'retry-after': '1800' } })
    await register(page)
    await expect(seen.problem(page)).toContainText('Wait 30 minutes')
    expect(callsOf(emulator, 'register')).toEqual(['POST 400', 'POST 429'])
  })
})

test('axe finds no fault with register, tokens and discovery, light and dark', async ({
  consoleUser: user,
}) => {
  const page = await openSignedIn(user, '/tokens')
  await page.getByRole('button', { name: 'Use the token of this session' }).click()
  await page.getByText('This token is opaque').waitFor()
  expect(await violations(page)).toEqual([])
  await page.getByRole('link', { name: 'Register' }).click()
  await page.getByLabel('billing.read').waitFor()
  expect(await violations(page)).toEqual([])
  await page.getByRole('link', { name: 'Discovery' }).click()
  await page.getByRole('cell', { name: 'ES256' }).waitFor()
  await page.locator('summary').first().click()
  expect(await violations(page)).toEqual([])
})
