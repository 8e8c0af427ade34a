import { test as base, expect } from '@playwright/test'
import { createEmulator, type Emulator, type EmulatorOptions } from '@telnyx-oauth/emulator'

interface WorkerFixtures {
  emulatorOptions: EmulatorOptions
  server: Emulator
}

const test = base.extend<{ emulator: Emulator }, WorkerFixtures>({
  emulatorOptions: [{ port: 4010 }, { scope: 'worker', option: true }],
  server: [
    async ({ emulatorOptions }, use) => {
      const server = createEmulator(emulatorOptions)
      await server.start()
      await use(server)
      await server.stop()
    },
    { scope: 'worker' },
  ],
  emulator: async ({ server }, use) => {
    server.reset()
    await use(server)
  },
})

test('somebody signs in, with one code', async ({ page, emulator }) => {
  await page.goto('/')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Allow' }).click()
  await expect(page.getByText('You are signed in')).toBeVisible()
  expect(emulator.requests({ endpoint: 'token', grant: 'authorization_code' })).toHaveLength(1)
})

test('somebody who says no may try again', async ({ page, emulator }) => {
  await page.goto('/')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Deny' }).click()
  await expect(page.getByRole('button', { name: 'Sign in again' })).toBeVisible()
  expect(emulator.requests({ endpoint: 'token' })).toHaveLength(0)
})
