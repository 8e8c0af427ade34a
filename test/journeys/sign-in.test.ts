import { decide, pressByKeyboard, seen, signIn } from './support/demo-pages.ts'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'
import { endpointsOf } from './support/log.ts'

/** What a person's browser visits between the button and the way back. */
const visits = ['authorize', 'sign-in', 'sign-in', 'authorize-resume']

test('the first sign-in makes one metadata and one token request, the next one only the token request', async ({
  consoleUser: user,
  emulator,
}) => {
  const page = await user.open()
  await signIn(page)
  expect(endpointsOf(emulator)).toEqual(['metadata', ...visits, 'token'])

  await seen.signOutButton(page).click()
  await expect(seen.signInButton(page)).toBeVisible()
  emulator.clearRequests()
  await signIn(page)
  expect(endpointsOf(emulator)).toEqual([...visits, 'token'])
  expect((await user.secrets()).size, 'two codes, verifiers, access and refresh tokens').toBe(8)
})

test('a reload keeps the session and sends no request', async ({ consoleUser: user, emulator }) => {
  const page = await user.open()
  await signIn(page)
  emulator.clearRequests()
  await page.reload()
  await expect(seen.signedIn(page)).toBeVisible()
  await expect(seen.events(page)).toContainText('No request was sent')
  expect(endpointsOf(emulator)).toEqual([])
})

test('the refresh button sends one request and brings another token', async ({
  consoleUser: user,
  emulator,
}) => {
  const page = await user.open()
  await signIn(page)
  const before = await seen.token(page).textContent()
  emulator.clearRequests()
  await seen.refreshButton(page).click()
  await expect(seen.events(page)).toContainText('This tab renewed the token')
  await expect(seen.token(page)).not.toHaveText(String(before))
  expect(emulator.requests().map(({ grant, status }) => [grant, status])).toEqual([['refresh_token', 200]])
})

test('the API is called with the token, and nothing else is', async ({ consoleUser: user, emulator }) => {
  const page = await user.open()
  await signIn(page)
  emulator.clearRequests()
  await seen.balanceButton(page).click()
  await expect(page.getByText('182.40')).toBeVisible()
  const [request, ...others] = emulator.requests()
  expect(request).toMatchObject({ endpoint: 'balance', status: 200 })
  expect(request?.headers.authorization).toMatch(/^Bearer #/)
  expect(others).toEqual([])
})

test('a second tab is signed in without a request, and signs out both', async ({
  consoleUser: user,
  emulator,
}) => {
  const first = await user.open()
  await signIn(first)
  emulator.clearRequests()
  const second = await user.open()
  await expect(seen.signedIn(second)).toBeVisible()
  await seen.signOutButton(second).click()
  await expect(seen.signInButton(second)).toBeVisible()
  await expect(seen.signInButton(first)).toBeVisible()
  await expect(first.getByText('You were signed out in another tab')).toBeVisible()
  expect(endpointsOf(emulator)).toEqual([])
})

test('a person who denies sees access_denied, and no token is asked for', async ({
  consoleUser: user,
  emulator,
}) => {
  const page = await user.open('/?from=a-link')
  await seen.signInButton(page).click()
  await decide(page, 'Deny')
  await expect(seen.problem(page)).toContainText('access_denied')
  await expect(page, 'back where the sign-in began').toHaveURL(/:\d+\/\?from=a-link$/)
  expect(emulator.requests({ endpoint: 'token' })).toEqual([])

  await page.getByRole('button', { name: 'Sign in again' }).click()
  await decide(page, 'Allow')
  await expect(seen.signedIn(page)).toBeVisible()
  await expect(page).toHaveURL(/\/\?from=a-link$/)
})

test('an unknown state never reaches the token endpoint', async ({ consoleUser: user, emulator }) => {
  const unknown = '/callback?code=somebody-elses-code&state=tx1.nobody-began-this-sign-in&app=kept'
  const stranger = await user.open(unknown)
  await expect(seen.problem(stranger)).toContainText('transaction_not_found')
  await expect(stranger).toHaveURL(/:\d+\/$/)

  const page = await user.open()
  await signIn(page)
  emulator.clearRequests()
  const signedIn = await user.open(unknown)
  await expect(seen.signedIn(signedIn)).toBeVisible()
  await expect(signedIn).toHaveURL(/:\d+\/(\?app=kept)?$/)
  await expect(seen.signedIn(page)).toBeVisible()
  expect(endpointsOf(emulator)).toEqual([])
})

test("an app's own code and state in other addresses are left alone", async ({
  consoleUser: user,
  emulator,
}) => {
  const page = await user.open('/?code=promotion&state=california')
  await expect(seen.signInButton(page)).toBeVisible()
  expect(new URL(page.url()).search).toBe('?code=promotion&state=california')
  expect(endpointsOf(emulator)).toEqual([])
})

test('a keyboard alone is enough to sign in and out', async ({ consoleUser: user }) => {
  const page = await user.open()
  await expect(seen.signInButton(page)).toBeVisible()
  await pressByKeyboard(page, 'Sign in with Telnyx')
  await expect(page.getByRole('button', { name: 'Allow' })).toBeVisible()
  await pressByKeyboard(page, 'Allow')
  await expect(seen.signedIn(page)).toBeVisible()
  await pressByKeyboard(page, 'Sign out')
  await expect(seen.signInButton(page)).toBeVisible()
})
