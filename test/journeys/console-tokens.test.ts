import type { Emulator } from '@telnyx-oauth/emulator'
import type { Page } from 'playwright'
import { describe } from 'vitest'
import type { BrowserUser } from './support/browser-user.ts'
import { decide, pressByKeyboard, seen } from './support/demo-pages.ts'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'

const server = {
  clientId: 'my-server',
  clientSecret: 'a-secret-that-nobody-may-see',
  type: 'confidential',
} as const

/** Opens the page, by way of the sign-in that it asks for, and takes the token of the session. */
async function openWithToken(user: BrowserUser): Promise<Page> {
  const page = await user.open('/tokens')
  await seen.signInButton(page).click()
  await decide(page, 'Allow')
  await page.getByRole('button', { name: 'Use the token of this session' }).click()
  await expect(page.getByText('The access token of this session')).toBeVisible()
  return page
}

async function ask(page: Page, secret: string = server.clientSecret): Promise<void> {
  await page.getByLabel('Client id').fill(server.clientId)
  await page.getByLabel('Client secret').fill(secret)
  await page.getByRole('button', { name: 'Ask about the token' }).click()
}

const asked = (emulator: Emulator) =>
  emulator.requests({ endpoint: 'introspect' }).map(({ status }) => status)

/** Everything that outlives the page: its address, and what is stored beside the session. */
const remains = (page: Page) =>
  page.evaluate(() =>
    JSON.stringify([location.href, history.state, { ...sessionStorage }, { ...localStorage }]),
  )

describe('a token that is opaque', () => {
  test('says so, and the server is asked by a confidential client whose secret is kept nowhere', async ({
    consoleUser: user,
    emulator,
  }) => {
    emulator.addClient({ ...server, name: 'My server' })
    const page = await openWithToken(user)
    await expect(page.getByText('This token is opaque')).toBeVisible()
    await ask(page)
    await expect(page.getByText('The token is good.')).toBeVisible()
    await expect(page.getByText('billing.read', { exact: true }).first()).toBeVisible()
    expect(asked(emulator)).toEqual([200])
    expect(await remains(page)).not.toContain(server.clientSecret)
    await page.getByRole('link', { name: 'Discovery' }).click()
    await page.getByRole('heading', { name: 'Discovery' }).waitFor()
    await page.goBack()
    await expect(page.getByLabel('Token', { exact: true })).toHaveValue('')
  })

  test('that was revoked is not good any more', async ({ consoleUser: user, emulator }) => {
    emulator.addClient({ ...server, name: 'My server' })
    const page = await openWithToken(user)
    emulator.expireAccessTokens()
    await ask(page)
    await expect(page.getByText('The token is not good')).toBeVisible()
  })
})

describe('a token that is a JWT', () => {
  test.override('emulatorOptions', { accessTokenFormat: 'jwt' })

  test('is read, and checked with the keys of the server', async ({ consoleUser: user, emulator }) => {
    const page = await openWithToken(user)
    await expect(page.getByText('The signature, the issuer and the expiry are right.')).toBeVisible()
    await expect(page.getByText('When it expires')).toBeVisible()
    expect(emulator.requests({ endpoint: 'jwks' })).toHaveLength(1)
  })

  test('that somebody changed is found out', async ({ consoleUser: user, emulator: { issuer } }) => {
    const page = await openWithToken(user)
    await page.getByRole('button', { name: 'Paste another token' }).click()
    const parts = [{ alg: 'ES256' }, { iss: issuer, sub: 'somebody' }].map((part) =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    )
    await page.getByLabel('Token', { exact: true }).fill(`${parts.join('.')}.${'A'.repeat(86)}`)
    await expect(page.getByText('somebody has changed the token')).toBeVisible()
  })
})

describe('where the server refuses', () => {
  test.override('userOptions', { mayFail: true })

  test('a wrong secret and too many questions are told in sentences', async ({
    consoleUser: user,
    emulator,
  }) => {
    emulator.addClient({ ...server, name: 'My server' })
    const page = await openWithToken(user)
    await ask(page, 'wrong')
    await expect(seen.problem(page)).toContainText('The client is not known')
    emulator.fail('introspect', { status: 429, headers: { 'retry-after': '600' }, times: 1 })
    await ask(page)
    await expect(seen.problem(page)).toContainText('Wait 10 minutes')
  })

  test('a document that does not come says so beside the others, and is asked for again', async ({
    consoleUser: user,
    emulator,
  }) => {
    emulator.fail('jwks', { status: 404, times: 1 })
    const page = await user.open('/discovery')
    await expect(page.getByText('It knows PKCE with S256')).toBeVisible()
    await expect(seen.problem(page)).toHaveCount(1)
    await pressByKeyboard(page, 'Try again')
    await expect(page.getByRole('cell', { name: 'ES256' })).toBeVisible()
  })
})

describe('discovery', () => {
  test('shows both documents and the keys to whoever comes, by keyboard too', async ({
    consoleUser: user,
    emulator,
  }) => {
    const page = await user.open('/discovery')
    await expect(page.getByText('Where the browser goes so that a person can sign in')).toBeVisible()
    await expect(page.getByText('Who may issue tokens for it.')).toBeVisible()
    await expect(page.getByRole('cell', { name: 'ES256' })).toBeVisible()
    await expect(page.getByText('It knows no DPoP')).toBeVisible()
    const endpoints = emulator.requests().map(({ endpoint }) => endpoint)
    expect(endpoints.toSorted()).toEqual(['jwks', 'metadata', 'resource-metadata'])

    const raw = page.locator('summary').first()
    await raw.focus()
    await page.keyboard.press('Enter')
    await expect(page.locator('pre').first()).toContainText('"issuer":')
  })

  describe('of a server without S256', () => {
    test.override('emulatorOptions', { metadata: { code_challenge_methods_supported: ['plain'] } })

    test('says what a sign-in lacks', async ({ consoleUser: user }) => {
      const page = await user.open('/discovery')
      await expect(page.getByText('It does not announce PKCE with S256')).toBeVisible()
    })
  })
})
