import { afterEach, describe, expect, test, vi } from 'vitest'
import { authorizeUrl, DEMO_REDIRECT_URI, signInToEmulator } from '../../../support/emulator-sign-in.ts'
import { createNavigator } from '../../../support/navigate.ts'
import { startEmulator } from '../../../support/start-emulator.ts'

const headers = { authorization: 'Bearer KEY_EMULATOR_NOOR', 'content-type': 'application/json' }

async function consentToken(issuer: string): Promise<string> {
  const { location } = await createNavigator().get((await authorizeUrl(issuer)).url)
  return new URL(location ?? '').searchParams.get('consent_token') ?? ''
}

afterEach(() => {
  vi.useRealTimers()
})

function decide(url: string, body: unknown, token = 'KEY_EMULATOR_NOOR'): Promise<Response> {
  return fetch(`${url}/v2/oauth/grants`, {
    method: 'POST',
    headers: { ...headers, authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  })
}

const OWN_PAGE = { consentUrl: 'https://portal.example/consent' }

describe('a consent page of somebody else', () => {
  test('decides in the name of whoever it holds a token of, and gets the redirect with the code', async () => {
    const emulator = await startEmulator(OWN_PAGE)
    const response = await decide(emulator.url, {
      allowed: true,
      consent_token: await consentToken(emulator.issuer),
    })
    const { redirect_uri: redirect } = (await response.json()) as { redirect_uri: string }
    expect(redirect).toMatch(/^http:\/\/localhost:5173\/callback\?code=/)
    expect(emulator.grants).toMatchObject([{ accountId: emulator.accounts[1]?.id, scopes: ['billing.read'] }])
  })

  test.each([
    ['an app with the built-in page', {}],
    ['the client of the consent page', { consentUrl: { url: OWN_PAGE.consentUrl, except: ['telnyx-demo'] } }],
  ])('does not let %s approve its own request', async (_title, options) => {
    const emulator = await startEmulator(options)
    const { access_token: token } = await signInToEmulator(emulator.issuer)
    const { url } = await authorizeUrl(emulator.issuer, { scope: 'account_management.write' })
    const page = await createNavigator().get(url)
    const consentToken = page.location?.slice(page.location.lastIndexOf('/') + 1)
    const response = await decide(emulator.url, { allowed: true, consent_token: consentToken }, token)
    expect([response.status, emulator.grants.length]).toEqual([403, 1])
  })

  test('decides with a token of the client that it signs in with', async () => {
    const portal = { clientId: 'portal', name: 'Portal', redirectUris: [DEMO_REDIRECT_URI] }
    const emulator = await startEmulator({
      clients: [portal, { ...portal, clientId: 'telnyx-demo' }],
      consentUrl: { url: OWN_PAGE.consentUrl, except: ['portal'] },
    })
    const { access_token: token } = await signInToEmulator(emulator.issuer, { clientId: 'portal' })
    const body = { allowed: true, consent_token: await consentToken(emulator.issuer) }
    expect((await decide(emulator.url, body, token)).status).toBe(200)
  })

  test('decides once', async () => {
    const emulator = await startEmulator(OWN_PAGE)
    const body = { allowed: false, consent_token: await consentToken(emulator.issuer) }
    expect((await decide(emulator.url, body)).status).toBe(200)
    expect((await decide(emulator.url, body)).status).toBe(422)
  })

  test('leaves nothing in the log that no browser did', async () => {
    const emulator = await startEmulator(OWN_PAGE)
    await decide(emulator.url, { allowed: true, consent_token: await consentToken(emulator.issuer) })
    expect(emulator.requests().map(({ endpoint }) => endpoint)).toEqual(['authorize', 'consent'])
  })

  test.each([
    ['an unknown field', { allowed: true, consent_token: 'x', scope: 'y' }],
    ['no decision', { consent_token: 'x' }],
    ['a decision that is no boolean', { allowed: 'yes', consent_token: 'x' }],
    ['a token nobody knows', { allowed: true, consent_token: 'x' }],
  ])('is refused with %s', async (_what, body) => {
    const { url } = await startEmulator(OWN_PAGE)
    expect((await decide(url, body)).status).toBe(422)
  })

  test('is refused after the person took too long', async () => {
    const emulator = await startEmulator({ ...OWN_PAGE, consentLifetimeSeconds: 600 })
    const token = await consentToken(emulator.issuer)
    vi.useFakeTimers({ toFake: ['Date'] })
    vi.setSystemTime(Date.now() + 601_000)
    expect((await fetch(`${emulator.url}/v2/oauth/consent/${token}`, { headers })).status).toBe(422)
  })
})

describe('the built-in page', () => {
  test('and the consent API describe the same request', async () => {
    const { issuer, url } = await startEmulator()
    const page = await createNavigator().follow((await authorizeUrl(issuer)).url)
    const token = page.url.slice(page.url.lastIndexOf('/') + 1)
    const response = await fetch(`${url}/v2/oauth/consent/${token}`, { headers })
    expect(await response.json()).toMatchObject({
      data: {
        name: 'Telnyx OAuth console',
        requested_scopes: [{ id: 'billing.read', description: 'See your balance, invoices and charges' }],
      },
    })
  })

  test('does not decide for a token that is no more', async () => {
    const { issuer } = await startEmulator()
    await signInToEmulator(issuer)
    const page = await createNavigator().get(`${issuer}/sign-in/gone`)
    expect(page.status).toBe(400)
  })
})
