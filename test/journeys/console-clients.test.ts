import type { Page } from 'playwright'
import { describe } from 'vitest'
import { fillNewClient, heading, names, notices } from './support/client-pages.ts'
import { openSignedIn, tabTo } from './support/demo-pages.ts'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'
import { callsOf } from './support/log.ts'
import { violations } from './support/violations.ts'

describe('the list of clients', () => {
  test.override({ emulatorOptions: { seed: { clients: 45 } } })

  test('asks for one page at a time, and the address says for which', async ({
    consoleUser: user,
    emulator,
  }) => {
    const page = await openSignedIn(user, '/clients')
    await expect(names(page)).toHaveCount(20)
    await expect(page.getByText('46 clients, page 1 of 3')).toBeVisible()
    expect(callsOf(emulator, 'clients')).toEqual(['GET 200'])

    await page.getByRole('link', { name: 'Next page' }).click()
    await expect(page.getByText('46 clients, page 2 of 3')).toBeVisible()
    await expect(page).toHaveURL(/\?page=2$/)
    await page.goBack()
    await expect(page.getByText('46 clients, page 1 of 3')).toBeVisible()
    expect(callsOf(emulator, 'clients'), 'the page seen before is cached').toEqual(['GET 200', 'GET 200'])

    await page.goto(new URL('/clients?page=99', page.url()).href)
    await expect(page.getByText('46 clients, page 3 of 3')).toBeVisible()
    await expect(names(page)).toHaveCount(6)
  })

  test('is narrowed down by name, type and grant type, which stay in the address', async ({
    consoleUser: user,
    emulator,
  }) => {
    const page = await openSignedIn(user, '/clients')
    await page.getByLabel('Name contains').fill('client 1')
    await expect(page.getByText('11 clients')).toBeVisible()
    await page.getByLabel('Type', { exact: true }).selectOption('Confidential')
    await expect(page.getByText('6 clients')).toBeVisible()
    await page.getByLabel('Grant type').selectOption('Client credentials')
    await expect(page).toHaveURL(/\?name=client\+1&type=confidential&grant=client_credentials$/)
    await page.reload()
    await expect(names(page)).toHaveCount(6)
    await expect(page.getByLabel('Name contains')).toHaveValue('client 1')
    expect(emulator.requests({ endpoint: 'clients' }).at(-1)?.params).toEqual({
      'filter[name][contains]': 'client 1',
      'filter[client_type]': 'confidential',
      'filter[allowed_grant_types][contains]': 'client_credentials',
      'page[number]': '1',
      'page[size]': '20',
    })

    await page.getByLabel('Name contains').fill('nobody calls it that')
    await expect(page.getByRole('heading', { name: 'No client fits' })).toBeVisible()
    await page.getByRole('button', { name: 'Show all clients' }).click()
    await expect(page.getByText('46 clients, page 1 of 3')).toBeVisible()
    await expect(page.getByLabel('Name contains')).toHaveValue('')
  })

  test('loses a client at once that is being deleted, and the server is asked once', async ({
    consoleUser: user,
    emulator,
  }) => {
    const page = await openSignedIn(user, '/clients')
    await expect(names(page).first()).toContainText('telnyx-demo')
    await page.getByRole('button', { name: 'Delete Seeded client 45' }).click()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await expect(page.getByRole('button', { name: 'Delete Seeded client 45' })).toBeFocused()

    const hold = emulator.hold('clients')
    await page.getByRole('button', { name: 'Delete Seeded client 45' }).click()
    await page.getByRole('button', { name: 'Delete client' }).click()
    await hold.arrived
    await expect(page.getByRole('link', { name: 'Seeded client 45' })).toHaveCount(0)
    await expect(page.getByText('45 clients, page 1 of 3')).toBeVisible()
    await expect(notices(page)).toHaveText('')
    hold.release()
    await expect(notices(page)).toContainText('“Seeded client 45” was deleted.')
    await expect(names(page)).toHaveCount(20)
    expect(callsOf(emulator, 'clients')).toEqual(['GET 200', 'DELETE 204', 'GET 200'])
  })
})

test('who has no client learns what one is, and how to make the first', async ({ consoleUser: user }) => {
  const page = await openSignedIn(user, '/clients', 'Noor')
  await expect(page.getByText('An OAuth client is an app that Telnyx knows.')).toBeVisible()
  expect(await violations(page)).toEqual([])
  await page.getByRole('link', { name: 'Create the first client' }).click()
  await expect(heading(page, 'New OAuth client')).toBeFocused()
})

describe('a new client', () => {
  test('is created with every field, and its page follows', async ({ consoleUser: user, emulator }) => {
    const page = await openSignedIn(user, '/clients/new')
    await fillNewClient(page, 'Field phone')
    await page.getByRole('checkbox', { name: 'Refresh token' }).uncheck()
    await page.getByRole('checkbox', { name: 'Require PKCE' }).uncheck()
    await page.getByLabel('Address of its logo').fill('https://app.example.com/logo.svg')
    await page.getByLabel('Address of its privacy policy').fill('https://app.example.com/privacy')
    await page.getByLabel('Address of its terms of service').fill('https://app.example.com/terms')
    await page.getByRole('button', { name: 'Create client' }).click()
    await expect(heading(page, 'Field phone')).toBeFocused()
    await expect(notices(page)).toContainText('“Field phone” was created.')
    expect(callsOf(emulator, 'clients')).toEqual(['POST 201', 'GET 200'])
    expect(emulator.clients.at(-1)).toMatchObject({
      name: 'Field phone',
      client_type: 'public',
      allowed_grant_types: ['authorization_code'],
      allowed_scopes: ['billing.read'],
      redirect_uris: ['https://app.example.com/callback', 'http://localhost:3000/callback'],
      require_pkce: false,
      logo_uri: 'https://app.example.com/logo.svg',
      policy_uri: 'https://app.example.com/privacy',
      tos_uri: 'https://app.example.com/terms',
    })
  })

  test('that is confidential shows its secret once, and nothing keeps it', async ({
    consoleUser: user,
    emulator,
  }) => {
    await user.context.grantPermissions(['clipboard-read', 'clipboard-write'])
    const page = await openSignedIn(user, '/clients/new')
    await fillNewClient(page, 'Switchboard')
    await page.getByRole('radio', { name: 'Confidential' }).check()
    await page.getByRole('button', { name: 'Create client' }).click()
    await expect(heading(page, '“Switchboard” was created')).toBeFocused()
    const secret = String(emulator.clients.at(-1)?.client_secret)
    await expect(page.getByText(secret)).toBeVisible()
    expect(await violations(page)).toEqual([])

    await page.getByRole('link', { name: 'Session' }).click()
    await expect(page.getByRole('dialog', { name: 'Leave without the secret?' })).toBeVisible()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: 'Copy Client secret' }).click()
    await expect(page.getByText('Copied')).toBeVisible()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret)

    await page.getByRole('link', { name: 'Go on to the client' }).click()
    await expect(page.getByText('Shown once, when it was created')).toBeVisible()
    expect(await page.content()).not.toContain(secret)
    expect(await kept(page)).not.toContain(secret)
    await page.goBack()
    await expect(heading(page, 'New OAuth client')).toBeVisible()
    await expect(page.getByLabel('Name', { exact: true })).toHaveValue('')
    expect(await page.content()).not.toContain(secret)
  })

  test('with something wrong says so at the field, before anything is sent', async ({
    consoleUser: user,
    emulator,
  }) => {
    const page = await openSignedIn(user, '/clients/new')
    await page.getByRole('button', { name: 'Create client' }).click()
    const name = page.getByLabel('Name', { exact: true })
    await expect(name).toBeFocused()
    await expect(name).toHaveAccessibleDescription(/Give the client a name/)
    await expect(page.getByText('2 fields need a second look.')).toBeVisible()
    await page.getByRole('checkbox', { name: 'Client credentials' }).check()
    await expect(page.getByText('a public client has none')).toBeVisible()
    await page.getByRole('checkbox', { name: 'Client credentials' }).uncheck()
    expect(await violations(page)).toEqual([])

    await fillNewClient(page, 'Now with a name')
    await page.getByLabel('Redirect URIs').fill('app.example.com/callback')
    await expect(page.getByText('“app.example.com/callback” is not an absolute URI')).toBeVisible()
    expect(callsOf(emulator, 'clients')).toEqual([])
  })
})

/** Everything that a page and its browser remember, as text. */
function kept(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const stored: unknown[] = [location.href, history.state, { ...localStorage }, { ...sessionStorage }]
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve) => {
        const opening = indexedDB.open(name)
        opening.onsuccess = () => resolve(opening.result)
      })
      for (const store of database.objectStoreNames) {
        const reading = database.transaction(store).objectStore(store).getAll()
        stored.push(
          await new Promise((resolve) => reading.addEventListener('success', () => resolve(reading.result))),
        )
      }
      database.close()
    }
    return JSON.stringify(stored)
  })
}

test('a client is edited, and left unsaved only by decision', async ({ consoleUser: user, emulator }) => {
  emulator.addClient({
    clientId: 'mine',
    name: 'Before',
    redirectUris: ['https://a.example/cb'],
    scopes: ['billing.read'],
    logoUri: 'https://a.example/logo.svg',
  })
  const page = await openSignedIn(user, '/clients/mine')
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Before')
  await page.getByLabel('Address of its logo').fill('')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(page.getByText('Telnyx can change it, not remove it.')).toBeVisible()
  await page.getByLabel('Address of its logo').fill('https://a.example/new.svg')
  await page.getByLabel('Name', { exact: true }).fill('After')
  await page.getByRole('checkbox', { name: 'voice.read' }).check()

  await page.getByRole('link', { name: 'All OAuth clients' }).click()
  const question = page.getByRole('dialog', { name: 'Leave without saving?' })
  await expect(question).toBeVisible()
  expect(await violations(page)).toEqual([])
  await page.keyboard.press('Escape')
  await expect(question).toHaveCount(0)

  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(notices(page)).toContainText('“After” was saved.')
  await expect(heading(page, 'After')).toBeVisible()
  expect(emulator.clients.find(({ client_id }) => client_id === 'mine')).toMatchObject({
    name: 'After',
    allowed_scopes: ['billing.read', 'voice.read'],
    redirect_uris: ['https://a.example/cb'],
    logo_uri: 'https://a.example/new.svg',
  })
  await page.getByRole('link', { name: 'All OAuth clients' }).click()
  await expect(names(page).filter({ hasText: 'After' })).toBeVisible()
  expect(callsOf(emulator, 'clients')).toEqual(['GET 200', 'PUT 200', 'GET 200'])
})

test('a keyboard alone is enough to create a client and to delete it', async ({
  consoleUser: user,
  emulator,
}) => {
  const page = await openSignedIn(user, '/clients')
  await expect(names(page)).toHaveCount(1)
  await tabTo(page, 'link', 'New client')
  await page.keyboard.press('Enter')
  await expect(heading(page, 'New OAuth client')).toBeFocused()
  await tabTo(page, 'textbox', 'Name')
  await page.keyboard.type('By hand')
  await tabTo(page, 'textbox', 'Redirect URIs')
  await page.keyboard.type('https://hand.example/callback')
  await tabTo(page, 'checkbox', 'voice.read')
  await page.keyboard.press('Space')
  await tabTo(page, 'button', 'Create client')
  await page.keyboard.press('Enter')
  await expect(heading(page, 'By hand')).toBeFocused()

  await tabTo(page, 'button', 'Delete client…')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Cancel' })).toBeFocused()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(heading(page, 'OAuth clients')).toBeFocused()
  await expect(notices(page)).toContainText('“By hand” was deleted.')
  expect(emulator.clients.map(({ client_id }) => client_id)).toEqual(['telnyx-demo'])
})
