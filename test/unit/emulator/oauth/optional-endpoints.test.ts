import * as oauth from 'oauth4webapi'
import { describe, expect, test } from 'vitest'
import {
  authorizeUrl,
  discoverEmulator,
  refreshAtEmulator,
  signInToEmulator,
} from '../../../support/emulator-sign-in.ts'
import { createNavigator } from '../../../support/navigate.ts'
import { startEmulator } from '../../../support/start-emulator.ts'

const client: oauth.Client = { client_id: 'telnyx-demo' }
const insecure = { [oauth.allowInsecureRequests]: true }

describe('revocation', () => {
  test('of a refresh token ends the grant and its access tokens', async () => {
    const emulator = await startEmulator({ revocation: true })
    const server = await discoverEmulator(emulator.issuer)
    const { refresh_token: token = '', access_token } = await signInToEmulator(emulator.issuer)
    await oauth.processRevocationResponse(
      await oauth.revocationRequest(server, client, oauth.None(), token, insecure),
    )
    await expect(refreshAtEmulator(emulator.issuer, token)).rejects.toMatchObject({ error: 'invalid_grant' })
    const balance = await fetch(`${emulator.url}/v2/balance`, {
      headers: { authorization: `Bearer ${access_token}` },
    })
    expect(balance.status).toBe(401)
    expect(emulator.grants).toEqual([])
  })

  test.each(['opaque', 'jwt'] as const)(
    'of an access token ends it and its refresh token, if its own client asks: %s',
    async (accessTokenFormat) => {
      const { addClient, issuer, url } = await startEmulator({ revocation: true, accessTokenFormat })
      addClient({ clientId: 'another', name: 'Another', clientSecret: 'secret' })
      const server = await discoverEmulator(issuer)
      const { access_token: token, refresh_token: refreshToken = '' } = await signInToEmulator(issuer)
      const balance = async () =>
        (await fetch(`${url}/v2/balance`, { headers: { authorization: `Bearer ${token}` } })).status
      const revoke = async (id: string, authentication: oauth.ClientAuth) =>
        (await oauth.revocationRequest(server, { client_id: id }, authentication, token, insecure)).status
      expect([await revoke('another', oauth.ClientSecretBasic('secret')), await balance()]).toEqual([
        200, 200,
      ])
      expect([await revoke('telnyx-demo', oauth.None()), await balance()]).toEqual([200, 401])
      await expect(refreshAtEmulator(issuer, refreshToken)).rejects.toMatchObject({ error: 'invalid_grant' })
    },
  )

  test('of a token nobody knows succeeds', async () => {
    const emulator = await startEmulator({ revocation: true })
    const server = await discoverEmulator(emulator.issuer)
    const response = await oauth.revocationRequest(server, client, oauth.None(), 'unknown', insecure)
    expect(response.status).toBe(200)
  })
})

describe('pushed authorization requests', () => {
  async function push(issuer: string): Promise<string> {
    const { url } = await authorizeUrl(issuer)
    const response = await fetch(`${issuer}/v2/oauth/par`, {
      method: 'POST',
      body: new URL(url).searchParams,
    })
    expect(response.status).toBe(201)
    return ((await response.json()) as { request_uri: string }).request_uri
  }

  test('can be referred to instead of parameters, and are good for one sign-in', async () => {
    const { issuer, accounts } = await startEmulator({ par: true })
    const requestUri = await push(issuer)
    const url = `${issuer}/v2/oauth/authorize?${new URLSearchParams({ client_id: 'telnyx-demo', request_uri: requestUri })}`
    const navigator = createNavigator()
    const page = await navigator.follow(url)
    expect(page.text).toContain('wants to use your Telnyx account')
    const answered = await navigator.post(page.url, { account: accounts[0]?.id ?? '', decision: 'allow' })
    const { location } = await navigator.follow(answered.location ?? '')
    expect(new URL(location ?? '').searchParams.get('code')).toEqual(expect.any(String))
    expect((await createNavigator().get(url)).status).toBe(400)
  })

  test('can be insisted on', async () => {
    const { issuer } = await startEmulator({ par: { required: true } })
    const { location } = await createNavigator().get((await authorizeUrl(issuer)).url)
    expect(new URL(location ?? '').searchParams.get('error')).toBe('invalid_request')
  })
})

describe('ID tokens', () => {
  test('are issued when openid is among the scopes', async () => {
    const { issuer, accounts } = await startEmulator({ scopes: ['openid', 'billing.read'] })
    const tokens = await signInToEmulator(issuer, { scope: 'openid billing.read' })
    expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({
      iss: issuer,
      sub: accounts[0]?.id,
      aud: 'telnyx-demo',
    })
  })
})
