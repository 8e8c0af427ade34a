import type { EmulatorOptions } from '@telnyx-oauth/emulator'
import { describe, expect, test } from 'vitest'
import { exchangeCode, refreshGrant } from '../../packages/core/src/protocol/tokens.ts'
import { translateError } from '../../packages/core/src/protocol/translate-error.ts'
import { authorizeInBrowser } from '../support/emulator-sign-in.ts'
import { startEmulator } from '../support/start-emulator.ts'

const nonce = 'nonce-0123456789'

/** Signs in at an emulator, with the requests of core. */
async function signedIn(options: EmulatorOptions, scope = 'billing.read', sentNonce = nonce) {
  const emulator = await startEmulator(options)
  const { issuer } = emulator
  const metadata = { issuer, token_endpoint: `${issuer}/v2/oauth/token` }
  const params = scope.startsWith('openid') ? { nonce: sentNonce } : {}
  const { callbackUrl, codeVerifier, redirectUri, clientId } = await authorizeInBrowser(issuer, {
    scope,
    params,
  })
  const transport = { clientId, fetch }
  const code = callbackUrl.searchParams.get('code') ?? ''
  const grant = { redirectUri, verifier: codeVerifier, nonce }
  const tokens = exchangeCode(transport, metadata, code, grant)
  const refresh = (refreshToken: string | undefined) =>
    refreshGrant(transport, metadata, String(refreshToken), {}).catch((error: unknown) => {
      throw translateError(error, Date.now(), [String(refreshToken)])
    })
  return { emulator, tokens, refresh }
}

describe('an ID token of the emulator', () => {
  test.each(['ES256', 'RS256', 'EdDSA'] as const)(
    'signed by %s, which the metadata do not list, brings its claims at sign-in and refresh',
    async (idTokenAlgorithm) => {
      const openId = { idTokenAlgorithm, listAlgorithm: false, requireNonce: true }
      const { tokens, refresh } = await signedIn({ openId }, 'openid billing.read')
      const { claims, refreshToken } = await tokens
      expect(claims).toMatchObject({ nonce, aud: 'telnyx-demo' })
      expect((await refresh(refreshToken)).claims?.sub).toBe(claims?.sub)
    },
  )

  test('with the nonce of another sign-in signs nobody in', async () => {
    const { tokens } = await signedIn({ openId: true }, 'openid billing.read', 'other')
    await expect(tokens).rejects.toMatchObject({
      code: 'response_invalid',
      message: expect.stringContaining('id_token.nonce'),
    })
  })
})

describe('a dead refresh token', () => {
  test.each([
    ['invalid_grant', 'invalid_grant'],
    ['challenge', 'invalid_grant'],
    ['invalid_request', 'refresh_rejected'],
    ['empty', 'refresh_rejected'],
    ['v2-errors', 'refresh_rejected'],
  ] as const)('that the emulator refuses by %s is %s', async (refreshTokenRefusal, code) => {
    const { tokens, refresh } = await signedIn({ refreshTokenRefusal })
    await tokens
    await expect(refresh('revoked')).rejects.toMatchObject({ code })
  })
})

test('a refresh whose response has null members brings the new tokens', async () => {
  const { emulator, tokens, refresh } = await signedIn({})
  const { refreshToken } = await tokens
  const members = { expires_in: null, scope: null, id_token: '', token_type: 'Bearer ' }
  emulator.fail('token', { members })
  const refreshed = await refresh(refreshToken)
  expect(refreshed).toMatchObject({ problem: undefined, expiresInSeconds: undefined, scope: undefined })
  expect(refreshed.refreshToken).toMatch(/./)
  expect(refreshed.refreshToken).not.toBe(refreshToken)
})
