import { expect, test } from 'vitest'
import { authorizeUrl } from '../../../support/emulator-sign-in.ts'
import { createNavigator } from '../../../support/navigate.ts'
import { startEmulator } from '../../../support/start-emulator.ts'

const issuer = 'https://auth.example'

test('behind a TLS proxy the user signs in under the issuer, with cookies for https only', async () => {
  const emulator = await startEmulator({ issuer, rememberSignIn: true })
  /** Sends a request of the browser on as a TLS proxy does: over HTTP, without a word about itself. */
  const proxied = (url = ''): string => url.replace(issuer, emulator.url)
  const navigator = createNavigator()
  const { url } = await authorizeUrl(issuer)
  const authorize = await navigator.get(proxied(url))
  expect(authorize.location).toMatch(`${emulator.url}/sign-in/`)
  const allowed = await navigator.post(authorize.location ?? '', {
    decision: 'allow',
    account: emulator.accounts[0]?.id ?? '',
  })
  expect(allowed.location).toMatch(`${issuer}/v2/oauth/authorize/`)
  const resumed = await navigator.get(proxied(allowed.location))
  expect(resumed.location).toMatch(/^http:\/\/localhost:5173\/callback\?code=/)
  const cookies = [authorize, resumed].flatMap(({ headers }) => headers['set-cookie'] ?? [])
  expect(cookies.length).toBeGreaterThan(2)
  for (const cookie of cookies) expect(cookie).toMatch(/; secure/i)
})
