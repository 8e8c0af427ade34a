import { expect, test } from 'vitest'
import { startEmulator } from '../../../support/start-emulator.ts'

test('the page at / names the users, the apps and their redirect URIs, and no secret', async () => {
  const { url, accounts } = await startEmulator({
    clients: [
      { clientId: 'a', name: '<b>A</b>', clientSecret: 'hush', redirectUris: ['https://a.example/cb'] },
    ],
    seed: { clients: 60 },
  })
  const response = await fetch(url)
  const text = await response.text()
  expect(response.status).toBe(200)
  for (const { name } of accounts) expect(text).toContain(name)
  expect(text).toContain('&lt;b&gt;A&lt;/b&gt; <code>a</code>')
  expect(text).toContain('https://a.example/cb')
  expect(text).toContain('And 11 more.')
  expect(text).not.toMatch(/hush|seed-secret|KEY_EMULATOR/)
})
