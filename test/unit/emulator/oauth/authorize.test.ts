import { describe, expect, test } from 'vitest'
import {
  authorizeInBrowser,
  authorizeUrl,
  type SignInOptions,
  signInToEmulator,
} from '../../../support/emulator-sign-in.ts'
import { createNavigator } from '../../../support/navigate.ts'
import { startEmulator } from '../../../support/start-emulator.ts'

/** The error an app gets at its redirect URI. */
async function redirectError(issuer: string, options: SignInOptions): Promise<string | null> {
  const { url } = await authorizeUrl(issuer, options)
  const { location } = await createNavigator().get(url)
  const { searchParams, hash } = new URL(location ?? 'about:blank')
  return searchParams.get('error') ?? new URLSearchParams(hash.slice(1)).get('error')
}

describe('authorize shows a page instead of redirecting', () => {
  test.each([
    [404, 'an unknown client', { clientId: 'nobody' }],
    [422, 'a redirect URI of somebody else', { redirectUri: 'https://elsewhere.example/callback' }],
    [422, 'a redirect URI whose path differs', { redirectUri: 'http://localhost:5173/callback/x' }],
    [422, 'a redirect URI whose loopback host differs', { redirectUri: 'http://[::1]:5173/callback' }],
  ])('%i for %s', async (status, _what, options) => {
    const emulator = await startEmulator()
    const { url } = await authorizeUrl(emulator.issuer, options)
    const page = await createNavigator().get(url)
    expect(page).toMatchObject({ status, location: undefined })
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
  })

  test('422 for another https address than the one that is registered', async () => {
    const emulator = await startEmulator({
      clients: [{ clientId: 'web', name: 'Web', redirectUris: ['https://app.example/callback'] }],
    })
    for (const redirectUri of [
      'https://evil.example/callback',
      'https://app.example:8443/callback',
      'http://localhost/callback',
    ]) {
      const { url } = await authorizeUrl(emulator.issuer, { clientId: 'web', redirectUri })
      expect([redirectUri, (await createNavigator().get(url)).status]).toEqual([redirectUri, 422])
    }
  })

  test.each(['client_id', 'redirect_uri'])('400 for a request without %s', async (parameter) => {
    const emulator = await startEmulator()
    const url = new URL((await authorizeUrl(emulator.issuer)).url)
    url.searchParams.delete(parameter)
    expect(await createNavigator().get(url.href)).toMatchObject({ status: 400, location: undefined })
  })
})

describe('authorize tells the app', () => {
  test.each([true, false])(
    'its issuer in the fragment only with the option: %s',
    async (issRedirectParameter) => {
      const emulator = await startEmulator({ issRedirectParameter })
      const { issuer } = emulator
      const { url, state } = await authorizeUrl(issuer, { params: { response_type: 'token' } })
      const { location = '' } = await createNavigator().get(url)
      const params = Object.fromEntries(new URLSearchParams(new URL(location).hash.slice(1)))
      expect(params).toMatchObject({ error: 'unsupported_response_type', state })
      expect(params.iss).toBe(issRedirectParameter ? issuer : undefined)
      expect(emulator.requests({ endpoint: 'authorize' })).toMatchObject([{ error: params.error }])
    },
  )

  test('invalid_scope for a scope that is not offered, or not allowed to the app', async () => {
    const emulator = await startEmulator({
      clients: [
        {
          clientId: 'small',
          name: 'Small',
          redirectUris: ['http://localhost:5173/callback'],
          scopes: ['fax.read'],
        },
      ],
    })
    expect(await redirectError(emulator.issuer, { clientId: 'small', scope: 'admin' })).toBe('invalid_scope')
    expect(await redirectError(emulator.issuer, { clientId: 'small', scope: 'billing.read' })).toBe(
      'invalid_scope',
    )
    expect(await redirectError(emulator.issuer, { clientId: 'small', scope: 'fax.read' })).toBeNull()
  })

  test('invalid_scope for offline_access, which Telnyx does not have, unless it is on offer', async () => {
    const scope = 'billing.read offline_access'
    const { issuer } = await startEmulator({ par: true })
    expect(await redirectError(issuer, { scope })).toBe('invalid_scope')
    expect(await redirectError(issuer, { scope, params: { emulator_scope: 'billing.read' } })).toBe(
      'invalid_scope',
    )
    const other = await startEmulator({ scopes: ['billing.read', 'offline_access'] })
    expect(await redirectError(other.issuer, { scope })).toBeNull()
  })

  test('invalid_request without a code challenge, or with a plain one on the live profile', async () => {
    const emulator = await startEmulator()
    expect(
      await redirectError(emulator.issuer, { params: { code_challenge: '', code_challenge_method: '' } }),
    ).toBe('invalid_request')
    expect(await redirectError(emulator.issuer, { params: { code_challenge_method: 'plain' } })).toBe(
      'invalid_request',
    )
  })

  test('invalid_target for a resource it does not know', async () => {
    const emulator = await startEmulator()
    expect(await redirectError(emulator.issuer, { resource: 'https://elsewhere.example' })).toBe(
      'invalid_target',
    )
  })

  test('unsupported_response_type for anything but a code', async () => {
    const emulator = await startEmulator()
    expect(await redirectError(emulator.issuer, { params: { response_type: 'token' } })).toBe(
      'unsupported_response_type',
    )
  })
})

describe('authorize', () => {
  test('redirects with 302', async () => {
    const emulator = await startEmulator()
    expect(await createNavigator().get((await authorizeUrl(emulator.issuer)).url)).toMatchObject({
      status: 302,
    })
  })

  test('grants all the scopes of the app when the request names none', async () => {
    const emulator = await startEmulator({
      clients: [
        {
          clientId: 'two',
          name: 'Two',
          redirectUris: ['http://localhost:5173/callback'],
          scopes: ['fax.read', 'ai.read'],
        },
      ],
    })
    const { scope } = await signInToEmulator(emulator.issuer, { clientId: 'two', scope: '' })
    expect(scope).toBe('fax.read ai.read')
  })

  test('accepts a loopback redirect URI on any port', async () => {
    const emulator = await startEmulator()
    const { callbackUrl } = await authorizeInBrowser(emulator.issuer, {
      redirectUri: 'http://127.0.0.1:61234/callback',
    })
    expect(callbackUrl.origin).toBe('http://127.0.0.1:61234')
  })

  test('compares redirect URIs exactly when asked to', async () => {
    const emulator = await startEmulator({ redirectUriMatching: 'exact' })
    const { url } = await authorizeUrl(emulator.issuer, { redirectUri: 'http://localhost:61234/callback' })
    expect(await createNavigator().get(url)).toMatchObject({ status: 422 })
  })

  test('takes a plain code challenge on the spec profile', async () => {
    const emulator = await startEmulator({ profile: 'spec' })
    const verifier = 'a-verifier-that-is-long-enough-for-pkce-0123456789'
    const { callbackUrl } = await authorizeInBrowser(emulator.issuer, {
      scope: 'admin',
      params: { code_challenge: verifier, code_challenge_method: 'plain' },
    })
    const exchange = (codeVerifier: string): Promise<Response> =>
      fetch(`${emulator.url}/v2/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          client_id: 'telnyx-demo',
          code: callbackUrl.searchParams.get('code') ?? '',
          redirect_uri: 'http://localhost:5173/callback',
          code_verifier: codeVerifier,
        }),
      })
    expect((await exchange(`${verifier}x`)).status).toBe(400)
    expect((await exchange(verifier)).status).toBe(200)
  })

  test('sends people to a consent page of somebody else, with a consent token', async () => {
    const emulator = await startEmulator({ consentUrl: 'https://portal.example/consent?lang=en' })
    const { location } = await createNavigator().get((await authorizeUrl(emulator.issuer)).url)
    const url = new URL(location ?? '')
    expect(url.origin + url.pathname).toBe('https://portal.example/consent')
    expect(url.searchParams.get('lang')).toBe('en')
    expect(url.searchParams.get('consent_token')).toMatch(/^[\w-]{20,}$/)
  })

  test('keeps people on its own page when the consent page itself signs in', async () => {
    const emulator = await startEmulator({
      consentUrl: { url: 'https://portal.example/consent', except: ['telnyx-demo'] },
    })
    emulator.addClient({ clientId: 'other', name: 'Other', redirectUris: ['https://other.example/callback'] })
    const redirectUri = 'https://other.example/callback'
    const byDefault = await authorizeUrl(emulator.issuer)
    const others = await authorizeUrl(emulator.issuer, { clientId: 'other', redirectUri })
    const locations = await Promise.all(
      [byDefault, others].map(({ url }) =>
        createNavigator()
          .get(url)
          .then(({ location }) => location),
      ),
    )
    expect(locations).toEqual([
      expect.stringContaining(`${emulator.issuer}/sign-in/`),
      expect.stringContaining('https://portal.example/consent?consent_token='),
    ])
  })
})
