import type { EmulatorOptions, SigningAlgorithm } from '@telnyx-oauth/emulator'
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { describe, expect, test } from 'vitest'
import { authorizeUrl, refreshAtEmulator, signInToEmulator } from '../../../support/emulator-sign-in.ts'
import { createNavigator } from '../../../support/navigate.ts'
import { startEmulator } from '../../../support/start-emulator.ts'

const PATHS = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration']
const scope = 'openid billing.read'

async function statuses(options: EmulatorOptions): Promise<readonly number[]> {
  const { url } = await startEmulator(options)
  return Promise.all(PATHS.map(async (path) => (await fetch(`${url}${path}`)).status))
}

async function metadataOf(url: string): Promise<Record<string, unknown>> {
  return (await (await fetch(`${url}${PATHS[1]}`)).json()) as Record<string, unknown>
}

describe('metadata documents', () => {
  test('are those of RFC 8414 alone, those of OpenID Connect too, or these alone', async () => {
    expect(await statuses({})).toEqual([200, 404])
    expect(await statuses({ openId: true })).toEqual([200, 200])
    expect(await statuses({ metadataDocuments: ['openid-configuration'] })).toEqual([404, 200])
    expect(await statuses({ metadataDocuments: [] })).toEqual([404, 404])
  })

  test('of OpenID Connect have the members that OpenID Connect Discovery requires', async () => {
    const { url, issuer } = await startEmulator({ openId: true })
    expect(await metadataOf(url)).toMatchObject({
      issuer,
      jwks_uri: `${issuer}/v2/oauth/jwks`,
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
      scopes_supported: expect.arrayContaining(['openid']),
    })
  })

  test('can be silent about the algorithm of ID tokens', async () => {
    const { url } = await startEmulator({ openId: { idTokenAlgorithm: 'EdDSA', listAlgorithm: false } })
    expect(await metadataOf(url)).not.toHaveProperty('id_token_signing_alg_values_supported')
  })
})

describe('ID tokens', () => {
  test.each<SigningAlgorithm>(['ES256', 'RS256', 'PS256', 'EdDSA'])(
    'are signed by %s with a key of the key set, at sign-in and at refresh',
    async (idTokenAlgorithm) => {
      const { issuer, url, accounts } = await startEmulator({ openId: { idTokenAlgorithm } })
      const keys = createRemoteJWKSet(new URL(`${url}/v2/oauth/jwks`))
      const signedIn = await signInToEmulator(issuer, { scope })
      const refreshed = await refreshAtEmulator(issuer, signedIn.refresh_token ?? '')
      for (const { id_token: token = '' } of [signedIn, refreshed]) {
        expect(decodeProtectedHeader(token).alg).toBe(idTokenAlgorithm)
        const { payload } = await jwtVerify(token, keys, { issuer, audience: 'telnyx-demo' })
        expect(payload.sub).toBe(accounts[0]?.id)
      }
    },
  )

  test('live for an hour, or as long as the options say', async () => {
    const lifetimes = [true, { idTokenLifetimeSeconds: 60 }].map(async (openId) => {
      const { issuer } = await startEmulator({ openId })
      const { exp = 0, iat = 0 } = decodeJwt((await signInToEmulator(issuer, { scope })).id_token ?? '')
      return exp - iat
    })
    expect(await Promise.all(lifetimes)).toEqual([3600, 60])
  })

  test('have other claims when told to, once, and are signed as ever', async () => {
    const { issuer, url, accounts, fail } = await startEmulator({ openId: true })
    const signedIn = await signInToEmulator(issuer, { scope })
    fail('token', { idTokenClaims: { sub: 'another' } })
    const second = await refreshAtEmulator(issuer, signedIn.refresh_token ?? '')
    const third = await refreshAtEmulator(issuer, second.refresh_token ?? '')
    const keys = createRemoteJWKSet(new URL(`${url}/v2/oauth/jwks`))
    const claims = await Promise.all(
      [second, third].map(async ({ id_token }) => (await jwtVerify(id_token ?? '', keys)).payload),
    )
    expect(claims).toMatchObject([
      { iss: issuer, aud: 'telnyx-demo', sub: 'another' },
      { sub: accounts[0]?.id },
    ])
  })

  test('are issued only if the scope openid was asked for', async () => {
    const { issuer } = await startEmulator({ openId: true })
    expect(await signInToEmulator(issuer)).not.toHaveProperty('id_token')
  })
})

describe('a server that demands a nonce', () => {
  test('refuses a request for openid that has none, pushed ones too, and takes one that has', async () => {
    const { issuer } = await startEmulator({ openId: { requireNonce: true }, par: true })
    const errorOf = async (params: Record<string, string>): Promise<string | null> => {
      const { url } = await authorizeUrl(issuer, { params })
      const { location } = await createNavigator().get(url)
      return new URL(location ?? '').searchParams.get('error')
    }
    expect(await errorOf({ scope })).toBe('invalid_request')
    expect(await errorOf({ scope, nonce: 'n' })).toBeNull()
    expect(await errorOf({})).toBeNull()
    const pushed = new URL((await authorizeUrl(issuer, { scope })).url).searchParams
    const response = await fetch(`${issuer}/v2/oauth/par`, { method: 'POST', body: pushed })
    expect([response.status, await response.json()]).toMatchObject([400, { error: 'invalid_request' }])
  })
})
