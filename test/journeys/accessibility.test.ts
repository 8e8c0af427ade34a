import { decide, seen } from './support/demo-pages.ts'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'
import { violations } from './support/violations.ts'

test('axe finds no fault with landing, consent, session and refusal, light and dark', async ({
  consoleUser: user,
}) => {
  const page = await user.open()
  await expect(seen.signInButton(page)).toBeVisible()
  expect(await violations(page)).toEqual([])

  await seen.signInButton(page).click()
  await expect(page.getByRole('button', { name: 'Allow' })).toBeVisible()
  expect(await violations(page)).toEqual([])

  await decide(page, 'Deny')
  await expect(seen.problem(page)).toBeVisible()
  expect(await violations(page)).toEqual([])

  await page.getByRole('button', { name: 'Sign in again' }).click()
  await decide(page, 'Allow')
  await expect(seen.signedIn(page)).toBeVisible()
  expect(await violations(page)).toEqual([])
})

test('axe finds a fault that is there, in either scheme', async ({ consoleUser: user }) => {
  const page = await user.open()
  await expect(seen.signInButton(page)).toBeVisible()
  await page.evaluate(() => {
    const main = document.querySelector('main')
    main?.append(document.createElement('button'))
    const text = document.createElement('p')
    text.textContent = 'Hard to read'
    text.style.cssText = 'color: light-dark(black, #222); background: light-dark(white, #111)'
    main?.append(text)
  })
  expect(await violations(page)).toEqual([
    'light button-name #main > button',
    'dark color-contrast #main > p',
  ])
})
