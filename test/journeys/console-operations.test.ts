import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Emulator, LoggedRequest } from '@telnyx-oauth/emulator'
import type { Page } from 'playwright'
import { describe } from 'vitest'
import { authorizeUrl } from '../support/emulator-sign-in.ts'
import { openSignedIn } from './support/demo-pages.ts'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'
import { violations } from './support/violations.ts'

interface Operation {
  readonly operationId: string
}

const contract: { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> } =
  JSON.parse(readFileSync(resolve(import.meta.dirname, '../contract/telnyx-oauth.openapi.json'), 'utf8'))

/** Every operation of the contract: its name, its method, and what its paths look like. */
const operations = Object.entries(contract.paths).flatMap(([path, methods]) =>
  Object.entries(methods)
    .filter(([method]) => ['get', 'post', 'put', 'delete'].includes(method))
    .map(([method, { operationId }]) => ({
      operationId,
      method: method.toUpperCase(),
      pattern: new RegExp(`^(/v2)?${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    })),
)

/** The operations that reached the server and were carried out. */
function carriedOut(requests: readonly LoggedRequest[]): readonly string[] {
  const names = requests
    .filter(({ status = 500 }) => status < 400)
    .flatMap(({ method, path }) =>
      operations
        .filter((one) => one.method === method && one.pattern.test(path))
        .map(({ operationId }) => operationId),
    )
  return [...new Set(names)].toSorted()
}

const server = { clientId: 'my-server', clientSecret: 'only-for-this-test', name: 'My server' } as const
const redirectUri = 'https://parcelbird.example/callback'

/** Makes a client, changes its name and deletes it. */
async function lookAfterClient(page: Page): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill('Field phone')
  await page.getByLabel('Redirect URIs').fill('https://app.example.com/callback')
  await page.getByLabel('billing.read').check()
  await page.getByRole('button', { name: 'Create client' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Field phone' })).toBeVisible()
  await page.getByLabel('Name', { exact: true }).fill('Desk phone')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Desk phone' })).toBeVisible()
  await page.getByRole('link', { name: 'OAuth clients', exact: true }).click()
  await page.getByRole('button', { name: 'Delete Desk phone' }).click()
  await page.getByRole('button', { name: 'Delete client' }).click()
  await expect(page.getByText('“Desk phone” was deleted.')).toBeVisible()
}

/** Allows another app, looks at what it was given, and takes it back. */
async function lookAfterGrant(page: Page, emulator: Emulator, origin: string): Promise<void> {
  emulator.addClient({ clientId: 'parcelbird', name: 'Parcelbird', redirectUris: [redirectUri] })
  await page
    .context()
    .route('https://parcelbird.example/**', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<title>Parcelbird</title>' }),
    )
  const { url } = await authorizeUrl(emulator.issuer, { clientId: 'parcelbird', redirectUri })
  await page.goto(url)
  await page.getByRole('button', { name: 'Allow' }).click()
  await page.waitForURL(`${redirectUri}?code=**`)
  await page.goto(`${origin}/apps`)
  await page.getByRole('link', { name: 'Parcelbird', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Parcelbird' })).toBeVisible()
  await expect(page.getByText('billing.read', { exact: true })).toBeVisible()
  expect(await violations(page)).toEqual([])
  await page.getByRole('link', { name: 'All connected apps' }).click()
  await page.getByRole('button', { name: 'Revoke Parcelbird' }).click()
  await page.getByRole('button', { name: 'Revoke access' }).click()
  await expect(page.getByRole('link', { name: 'Parcelbird', exact: true })).toHaveCount(0)
}

/** Asks about the token of the session, registers an app, and reads what the servers say of themselves. */
async function lookAround(page: Page, emulator: Emulator): Promise<void> {
  emulator.addClient({ ...server, type: 'confidential' })
  await page.getByRole('link', { name: 'Tokens', exact: true }).click()
  await page.getByRole('button', { name: 'Use the token of this session' }).click()
  await page.getByLabel('Client id').fill(server.clientId)
  await page.getByLabel('Client secret').fill(server.clientSecret)
  await page.getByRole('button', { name: 'Ask about the token' }).click()
  await expect(page.getByText('The token is good.')).toBeVisible()
  await page.getByRole('link', { name: 'Register', exact: true }).click()
  await page.getByLabel('Redirect URIs').fill('https://app.example.com/callback')
  await page.getByRole('button', { name: 'Register', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'is registered' })).toBeVisible()
  await page.getByRole('link', { name: 'Discovery', exact: true }).click()
  await expect(page.getByRole('cell', { name: 'ES256' })).toBeVisible()
  await expect(page.getByText('Who may issue tokens for it.')).toBeVisible()
}

describe('the console of a server that sends users to it for consent', () => {
  test.override('emulatorOptions', ({ consoleSite }) => ({
    accessTokenFormat: 'jwt' as const,
    consentUrl: { url: `${consoleSite.origin}/consent`, except: ['telnyx-demo'] },
  }))

  test('a walk through the console carries out every operation of the contract', async ({
    consoleUser: user,
    emulator,
    consoleSite,
  }) => {
    const page = await openSignedIn(user, '/clients/new')
    await lookAfterClient(page)
    await lookAfterGrant(page, emulator, consoleSite.origin)
    await lookAround(page, emulator)
    expect(carriedOut(emulator.requests())).toEqual(
      operations.map(({ operationId }) => operationId).toSorted(),
    )
  })
})
