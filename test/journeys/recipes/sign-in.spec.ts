import { expect } from '@playwright/test'
import { test } from '@telnyx-oauth/emulator/playwright'

test('the user signs in, with one code', async ({ page, emulator }) => {
  await page.goto('/')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Allow' }).click()
  await expect(page.getByText('You are signed in')).toBeVisible()
  expect(emulator.requests({ endpoint: 'token', grant: 'authorization_code' })).toHaveLength(1)
})

test('a user who denies may try again', async ({ page, emulator }) => {
  await page.goto('/')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Deny' }).click()
  await expect(page.getByRole('button', { name: 'Sign in again' })).toBeVisible()
  expect(emulator.requests({ endpoint: 'token' })).toHaveLength(0)
})
