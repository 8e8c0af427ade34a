import { describe, expect, test } from 'vitest'
import { signInToEmulator } from '../../../support/emulator-sign-in.ts'
import { startEmulator } from '../../../support/start-emulator.ts'

type Answer = Readonly<Record<string, unknown>>

async function register(url: string, body: unknown): Promise<{ status: number; answer: Answer }> {
  const response = await fetch(`${url}/v2/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, answer: (await response.json()) as Answer }
}

const REDIRECTS = { redirect_uris: ['http://localhost:5173/callback'] }

describe('dynamic registration', () => {
  test('makes a public client that can sign people in at once', async () => {
    const { url, issuer } = await startEmulator()
    const { answer } = await register(url, {
      ...REDIRECTS,
      client_name: 'Fresh',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      scope: 'billing.read',
    })
    const tokens = await signInToEmulator(issuer, { clientId: String(answer.client_id) })
    expect(tokens).toMatchObject({ scope: 'billing.read', refresh_token: expect.any(String) })
  })

  test('gives no refresh token to a client that did not ask for the grant', async () => {
    const { url, issuer } = await startEmulator()
    const { answer } = await register(url, { ...REDIRECTS, token_endpoint_auth_method: 'none' })
    expect(answer).toMatchObject({ grant_types: ['authorization_code'] })
    expect(await signInToEmulator(issuer, { clientId: String(answer.client_id) })).not.toHaveProperty(
      'refresh_token',
    )
  })

  test('gives a secret by default, and says when the client was made', async () => {
    const { url } = await startEmulator()
    const { answer } = await register(url, REDIRECTS)
    expect(answer).toMatchObject({
      client_secret: expect.any(String),
      token_endpoint_auth_method: 'client_secret_basic',
      response_types: ['code'],
    })
    expect(Math.abs(Number(answer.client_id_issued_at) - Date.now() / 1000)).toBeLessThan(60)
    expect(answer).not.toHaveProperty('client_secret_expires_at')
  })

  test('takes a body without any field, as the contract does', async () => {
    const { url } = await startEmulator()
    const { status, answer } = await register(url, {})
    expect([status, answer.grant_types, answer.redirect_uris]).toEqual([201, ['authorization_code'], []])
  })

  test.each([
    ['an unknown field', { ...REDIRECTS, software_id: 'x' }, { software_id: ['is not allowed'] }],
    ['a redirect URI that is none', { redirect_uris: ['callback'] }, { redirect_uris: [expect.any(String)] }],
    ['no redirect URI', { grant_types: ['authorization_code'] }, { redirect_uris: [expect.any(String)] }],
    ['a scope that is not offered', { ...REDIRECTS, scope: 'admin' }, { scope: [expect.any(String)] }],
    [
      'a response type without a code',
      { ...REDIRECTS, response_types: ['token'] },
      { response_types: [expect.any(String)] },
    ],
    [
      'two things at once',
      { scope: 1, client_name: 2 },
      { scope: [expect.any(String)], client_name: [expect.any(String)] },
    ],
    ['no object', [], { body: [expect.any(String)] }],
  ])('refuses %s and names the fields', async (_what, body, invalid_fields) => {
    const { url } = await startEmulator()
    const { status, answer } = await register(url, body)
    expect(status).toBe(400)
    expect(answer).toMatchObject({
      error: expect.stringMatching(/^invalid_(client_metadata|redirect_uri)$/),
      invalid_fields,
    })
  })
})
