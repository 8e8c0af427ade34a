// Part of npm run test:long only: the console where a server refuses a request or sends an odd response.

import { describe } from 'vitest'
import { grantCalls, openApps, rowOf } from './support/app-pages.ts'
import { fillNewClient, heading, names, notices } from './support/client-pages.ts'
import { askedByApp, askedOf, redirectUri, sendToConsole, startApp } from './support/consent-pages.ts'
import { decide, openSignedIn, pressByKeyboard, seen } from './support/demo-pages.ts'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'
import { callsOf, endpointsOf } from './support/log.ts'
import { violations } from './support/violations.ts'

describe('the pages of clients, when Telnyx says no', () => {
  test.override({ userOptions: { mayFail: true } })

  test('the list says what to do, and tries again when told to', async ({ consoleUser: user, emulator }) => {
    emulator.fail('clients', { status: 503, times: 3 })
    const page = await openSignedIn(user, '/clients')
    await expect(seen.problem(page)).toContainText('Telnyx cannot answer now')
    await expect(seen.problem(page)).toContainText('What to do: Nothing is lost. Try again in a minute.')
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Try again' }).click()
    await expect(names(page)).toHaveCount(1)
    expect(callsOf(emulator, 'clients')).toEqual(['GET 503', 'GET 503', 'GET 503', 'GET 200'])
  })

  test('for want of a scope, one button signs in for it and comes back', async ({
    consoleUser: user,
    emulator,
  }) => {
    const challenge = 'Bearer error="insufficient_scope", scope="wireless.read"'
    emulator.fail('clients', { status: 403, headers: { 'www-authenticate': challenge } })
    const page = await openSignedIn(user, '/clients?type=public')
    await expect(seen.problem(page)).toContainText('The token lacks the scope wireless.read.')
    await page.getByRole('button', { name: 'Sign in with wireless.read too' }).click()
    await decide(page, 'Allow')
    await expect(names(page)).toHaveCount(1)
    await expect(page).toHaveURL(/\?type=public$/)
    expect(emulator.grants.at(-1)?.scopes).toContain('wireless.read')
  })

  test('to a token that it took before, the token is renewed once and the page is there', async ({
    consoleUser: user,
    emulator,
  }) => {
    const page = await openSignedIn(user, '/')
    emulator.clearRequests()
    emulator.expireAccessTokens()
    await page.getByRole('link', { name: 'OAuth clients' }).click()
    await expect(names(page)).toHaveCount(1)
    expect(endpointsOf(emulator)).toEqual(['clients', 'token', 'clients'])
  })

  test('a client that is not there says so', async ({ consoleUser: user }) => {
    const page = await openSignedIn(user, '/clients/nobody-has-this')
    await expect(seen.problem(page)).toContainText('It is not there')
    await expect(seen.problem(page)).toContainText('there is no such OAuth client')
  })

  test('to a value, it stands at its field, and what was entered stays', async ({
    consoleUser: user,
    emulator,
  }) => {
    const page = await openSignedIn(user, '/clients/new')
    await fillNewClient(page, 'Trickster')
    const uris = page.getByLabel('Redirect URIs')
    await uris.fill('https://fine.example/cb\njavascript:alert(1)')
    await page.getByRole('button', { name: 'Create client' }).click()
    await expect(seen.problem(page)).toContainText('One of the values is not accepted')
    await expect(uris).toBeFocused()
    await expect(uris).toHaveAccessibleDescription(/Entry 2: a redirect URI must be an absolute URI/)
    await uris.fill('https://fine.example/cb')
    await page.getByRole('button', { name: 'Create client' }).click()
    await expect(heading(page, 'Trickster')).toBeVisible()
    expect(callsOf(emulator, 'clients')).toEqual(['POST 422', 'POST 201', 'GET 200'])
  })

  test('or half an answer, to a new client, it is sent once and may be there all the same', async ({
    consoleUser: user,
    emulator,
  }) => {
    const page = await openSignedIn(user, '/clients/new')
    await fillNewClient(page, 'Perhaps')
    // Of a connection that was cut before the answer began, Chromium sends the request again itself.
    emulator.fail('clients', { when: 'after', status: 201, body: '{"data":', drop: 'mid-body' })
    await page.getByRole('button', { name: 'Create client' }).click()
    await expect(seen.problem(page)).toContainText('Telnyx cannot be reached')
    await expect(seen.problem(page)).toContainText('It may have been created all the same')
    await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Perhaps')
    expect(emulator.clients.at(-1)?.name).toBe('Perhaps')
    expect(emulator.requests({ endpoint: 'clients' })).toHaveLength(1)
  })

  test('to a deletion, the client is back and a notice says why', async ({ consoleUser: user, emulator }) => {
    emulator.addClient({ clientId: 'mine', name: 'Sturdy' })
    const page = await openSignedIn(user, '/clients/mine')
    await expect(heading(page, 'Sturdy')).toBeVisible()
    emulator.fail('clients', { status: 403 })
    await page.getByRole('button', { name: 'Delete client…' }).click()
    await page.getByRole('button', { name: 'Delete client', exact: true }).click()
    await expect(notices(page)).toContainText('“Sturdy” was not deleted.')
    await expect(notices(page)).toContainText('Ask the owner of the account for access.')
    await expect(page.getByRole('link', { name: 'Sturdy' })).toBeVisible()
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await expect(notices(page)).toHaveText('')
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

describe('the page of connected apps without a list', () => {
  test.override({ userOptions: { mayFail: true } })

  test('teaches what a grant is when there is none', async ({ consoleUser: user, emulator }) => {
    emulator.fail('grants', {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: { data: [], meta: {} },
    })
    const page = await openApps(user)
    await expect(page.getByRole('heading', { name: 'No app may use your account' })).toBeVisible()
    expect(await violations(page)).toEqual([])
  })

  test('says in a sentence what went wrong, and tries again', async ({ consoleUser: user, emulator }) => {
    emulator.fail('grants', { status: 400, body: { error: 'invalid_request', error_description: 'no' } })
    const page = await openApps(user)
    await expect(seen.problem(page)).toContainText('The request was not understood')
    await expect(seen.problem(page)).toContainText('The server said: no')
    expect(await violations(page)).toEqual([])
    await pressByKeyboard(page, 'Try again')
    await expect(rowOf(page, 'telnyx-demo')).toBeVisible()
    expect(grantCalls(emulator)).toEqual([
      ['GET', 400],
      ['GET', 200],
    ])
  })

  test('offers to sign in for the scope that is missing', async ({ consoleUser: user, emulator }) => {
    const challenge = 'Bearer error="insufficient_scope", scope="authentication_and_access.read"'
    emulator.fail('grants', { status: 401, headers: { 'www-authenticate': challenge } })
    const page = await openApps(user)
    await expect(seen.problem(page)).toContainText('The token lacks the scope authentication_and_access.read')
    await page.getByRole('button', { name: 'Sign in with authentication_and_access.read too' }).click()
    await decide(page, 'Allow')
    await expect(rowOf(page, 'telnyx-demo').first()).toBeVisible()
  })
})
