import * as oauth from 'oauth4webapi'
import { describe, expect, test } from 'vitest'
import {
  authorizeInBrowser,
  discoverEmulator,
  refreshAtEmulator,
  signInToEmulator,
} from '../../../support/emulator-sign-in.ts'
import { startEmulator } from '../../../support/start-emulator.ts'

/** A client that binds its tokens to a key. It sends a request once more if the server asks for a nonce. */
async function createDpopClient(issuer: string) {
  const client: oauth.Client = { client_id: 'telnyx-demo' }
  const server = await discoverEmulator(issuer)
  const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'))
  const options = { DPoP, [oauth.allowInsecureRequests]: true }

  async function withNonce<Result>(attempt: () => Promise<Result>): Promise<Result> {
    try {
      return await attempt()
    } catch (error) {
      if (!oauth.isDPoPNonceError(error)) throw error
      return attempt()
    }
  }

  return {
    async signIn() {
      const { callbackUrl, codeVerifier, state, redirectUri } = await authorizeInBrowser(issuer)
      const params = oauth.validateAuthResponse(server, client, callbackUrl, state)
      return withNonce(async () =>
        oauth.processAuthorizationCodeResponse(
          server,
          client,
          await oauth.authorizationCodeGrantRequest(
            server,
            client,
            oauth.None(),
            params,
            redirectUri,
            codeVerifier,
            options,
          ),
        ),
      )
    },
    refresh: (refreshToken: string) =>
      withNonce(async () =>
        oauth.processRefreshTokenResponse(
          server,
          client,
          await oauth.refreshTokenGrantRequest(server, client, oauth.None(), refreshToken, options),
        ),
      ),
    get: (url: string, accessToken: string) =>
      withNonce(() =>
        oauth.protectedResourceRequest(accessToken, 'GET', new URL(url), new Headers(), null, options),
      ),
  }
}

describe.each([
  ['without a nonce', true, 1],
  ['with a nonce', { requireNonce: true }, 2],
] as const)('DPoP %s', (_name, dpop, attempts) => {
  test('binds the tokens of a sign-in, through refresh and calls', async () => {
    const emulator = await startEmulator({ dpop })
    const client = await createDpopClient(emulator.issuer)
    const first = await client.signIn()
    expect(first.token_type).toBe('dpop')
    const second = await client.refresh(first.refresh_token ?? '')
    expect((await client.get(`${emulator.url}/v2/balance`, second.access_token)).status).toBe(200)
    expect(emulator.requests({ grant: 'authorization_code' })).toHaveLength(attempts)
    expect(emulator.requests({ endpoint: 'balance' })).toHaveLength(attempts)
  })

  test('lets nobody use the tokens without the key', async () => {
    const emulator = await startEmulator({ dpop })
    const client = await createDpopClient(emulator.issuer)
    const thief = await createDpopClient(emulator.issuer)
    const tokens = await client.signIn()
    const url = `${emulator.url}/v2/balance`
    const bare = await fetch(url, { headers: { authorization: `Bearer ${tokens.access_token}` } })
    expect(bare.status).toBe(401)
    expect(bare.headers.get('www-authenticate')).toMatch(/^DPoP .*algs="ES256/)
    await expect(thief.get(url, tokens.access_token)).rejects.toThrow()
    await expect(thief.refresh(tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' })
    await expect(refreshAtEmulator(emulator.issuer, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    })
  })
})

describe('DPoP', () => {
  test('refuses a proof that was used before', async () => {
    const emulator = await startEmulator({ dpop: true })
    const client = await createDpopClient(emulator.issuer)
    const { access_token } = await client.signIn()
    const url = `${emulator.url}/v2/balance`
    const realFetch = globalThis.fetch
    let headers = new Headers()
    globalThis.fetch = (input, init) => {
      headers = new Headers(init?.headers)
      return realFetch(input, init)
    }
    try {
      await client.get(url, access_token)
    } finally {
      globalThis.fetch = realFetch
    }
    const replayed = await fetch(url, { headers })
    expect(replayed.status).toBe(401)
    expect(replayed.headers.get('www-authenticate')).toContain('error="invalid_dpop_proof"')
  })

  test('leaves tokens alone that are bound to no key', async () => {
    const { issuer, url } = await startEmulator({ dpop: true })
    const { access_token, token_type } = await signInToEmulator(issuer)
    expect(token_type).toBe('bearer')
    const response = await fetch(`${url}/v2/balance`, {
      headers: { authorization: `Bearer ${access_token}` },
    })
    expect(response.status).toBe(200)
  })

  test('is ignored by a server that does not offer it', async () => {
    const { issuer } = await startEmulator()
    const client = await createDpopClient(issuer)
    expect((await client.signIn()).token_type).toBe('bearer')
  })
})
