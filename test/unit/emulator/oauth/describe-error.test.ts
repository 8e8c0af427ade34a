import { expect, test } from 'vitest'
import { authorizeUrl } from '../../../support/emulator-sign-in.ts'
import { createNavigator } from '../../../support/navigate.ts'
import { startEmulator } from '../../../support/start-emulator.ts'

test('a redirect URI that does not match is named beside those that are registered and the flag that adds it', async () => {
  const { issuer } = await startEmulator()
  const { url } = await authorizeUrl(issuer, { redirectUri: 'https://app.example.com/callback' })
  const page = await createNavigator().follow(url)
  expect(page.status).toBe(422)
  expect(page.text).toContain('The app came with https://app.example.com/callback.')
  expect(page.text).toContain('http://localhost:5173/callback and http://127.0.0.1:5173/callback')
  expect(page.text).toContain('--redirect-uri https://app.example.com/callback')
})
