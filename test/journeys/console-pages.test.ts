import { describe } from 'vitest'
import { decide, openSignedIn, seen, signIn } from './support/demo-pages.ts'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'
import { violations } from './support/violations.ts'

test('an address without a page says so, and leads to the first page with the focus on its heading', async ({
  consoleUser: user,
}) => {
  const page = await user.open()
  await signIn(page)
  await page.goto(new URL('/no/such/page', page.url()).href)
  await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible()
  await expect(page.getByText('Nothing is at /no/such/page')).toBeVisible()
  await expect(page).toHaveTitle('There is no such page · Telnyx OAuth console')
  expect(await violations(page)).toEqual([])

  await page.getByRole('link', { name: 'Go to the first page' }).click()
  await expect(seen.signedIn(page)).toBeFocused()
  await expect(page).toHaveTitle('You are signed in · Telnyx OAuth console')
})

test('a sign-in comes back to the address where it began, through the router', async ({
  consoleUser: user,
}) => {
  const page = await user.open('/?from=a-link#events')
  await seen.signInButton(page).click()
  await decide(page, 'Allow')
  await expect(seen.signedIn(page)).toBeVisible()
  await expect(page).toHaveURL(/\/\?from=a-link#events$/)
})

test('the callback address opened by hand leads to the first page', async ({ consoleUser: user }) => {
  const page = await user.open()
  await signIn(page)
  await page.goto(new URL('/callback', page.url()).href)
  await expect(seen.signedIn(page)).toBeVisible()
  await expect(page).toHaveURL(/:\d+\/$/)
})

test('another person who signs in in another tab sees nothing of the first one, in either tab', async ({
  consoleUser: user,
}) => {
  const first = await openSignedIn(user, '/clients')
  await expect(first.getByRole('rowheader')).toHaveText(/telnyx-demo/)
  const second = await user.open()
  await seen.signOutButton(second).click()
  await expect(seen.signInButton(first)).toBeVisible()
  await seen.signInButton(second).click()
  await second.getByRole('radio', { name: 'Noor' }).check()
  await decide(second, 'Allow')
  await expect(seen.signedIn(second)).toBeVisible()
  await expect(first.getByRole('heading', { name: 'You have no OAuth client yet' })).toBeVisible()
  await expect(first.getByText('telnyx-demo', { exact: true })).toHaveCount(1)
})

test('no page is wider than a small phone', async ({ consoleUser: user, emulator }) => {
  const page = await openSignedIn(user, '/clients')
  await page.setViewportSize({ width: 320, height: 640 })
  emulator.addClient({ clientId: 'x'.repeat(64), name: 'W'.repeat(80) })
  const client = `/clients/${'x'.repeat(64)}`
  const others = ['/apps', '/register', '/tokens', '/discovery', '/nowhere']
  for (const path of ['/', '/clients', '/clients/new', client, ...others]) {
    await page.goto(new URL(path, page.url()).href)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(page.getByRole('main').getByRole('status').filter({ hasText: 'Loading' })).toHaveCount(0)
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(width, path).toBe(320)
  }
})

describe('a page whose code does not come', () => {
  test.override({ userOptions: { mayFail: true } })

  test('says so, and is there when it is loaded again', async ({ consoleUser: user }) => {
    const page = await openSignedIn(user, '/')
    await page.route('**/assets/clients-page-*.js', (route) => route.abort())
    await page.getByRole('link', { name: 'OAuth clients' }).click()
    await expect(page.getByRole('heading', { name: 'This page cannot be shown' })).toBeFocused()
    expect(await violations(page)).toEqual([])
    await page.unrouteAll()
    await page.getByRole('button', { name: 'Load the page again' }).click()
    await expect(page.getByRole('rowheader')).toHaveCount(1)
  })
})
