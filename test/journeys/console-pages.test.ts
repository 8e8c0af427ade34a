import { expect } from 'playwright/test'
import { decide, seen, signIn } from './support/demo-pages.ts'
import { test } from './support/demo-test.ts'

test('an address without a page says so, and leads to the first page with the focus on its heading', async ({
  visitor,
}) => {
  const page = await visitor.open()
  await signIn(page)
  await page.goto(new URL('/no/such/page', page.url()).href)
  await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible()
  await expect(page.getByText('Nothing is at /no/such/page')).toBeVisible()
  await expect(page).toHaveTitle('There is no such page · Telnyx OAuth console')

  await page.getByRole('link', { name: 'Go to the first page' }).click()
  await expect(seen.signedIn(page)).toBeFocused()
  await expect(page).toHaveTitle('You are signed in · Telnyx OAuth console')
})

test('a sign-in comes back to the address where it began, through the router', async ({ visitor }) => {
  const page = await visitor.open('/?from=a-link#events')
  await seen.signInButton(page).click()
  await decide(page, 'Allow')
  await expect(seen.signedIn(page)).toBeVisible()
  const { pathname, search, hash } = new URL(page.url())
  expect(pathname + search + hash).toBe('/?from=a-link#events')
})

test('the callback address opened by hand leads to the first page', async ({ visitor }) => {
  const page = await visitor.open()
  await signIn(page)
  await page.goto(new URL('/callback', page.url()).href)
  await expect(seen.signedIn(page)).toBeVisible()
  expect(new URL(page.url()).pathname).toBe('/')
})
