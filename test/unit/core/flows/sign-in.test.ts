import { describe, expect, test } from 'vitest'
import { createModelServer } from '../../../support/model-server.ts'
import { signInTab } from '../../../support/sign-in-tab.ts'
import { createSimulatedBrowser } from '../../../support/simulated-browser.ts'

describe('signing in', () => {
  test('ends signed in at the return path, after one metadata and one token request', async () => {
    const server = createModelServer()
    const browser = createSimulatedBrowser(server.fetch)
    const { auth, page } = await signInTab(browser, server)
    expect(auth.getSnapshot()).toMatchObject({
      status: 'signed-in',
      token: { accessToken: 'access-2', scopes: ['messaging.read', 'billing.read'] },
    })
    expect(page.href()).toBe('http://localhost:5173/inbox')
    expect(server.requests.map(({ path }) => path)).toEqual([
      '/.well-known/oauth-authorization-server',
      '/v2/oauth/token',
    ])
  })

  test('a second sign-in asks for no metadata', async () => {
    const server = createModelServer()
    const browser = createSimulatedBrowser(server.fetch)
    await signInTab(browser, server)
    const before = server.requests.length
    await signInTab(browser, server)
    expect(server.requests.slice(before).map(({ grant }) => grant)).toEqual(['authorization_code'])
  })
})
