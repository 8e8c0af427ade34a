import { describe, expect, test } from 'vitest'
import { signInToEmulator } from '../../../support/emulator-sign-in.ts'
import { startEmulator } from '../../../support/start-emulator.ts'

const BACKEND = { clientId: 'backend', clientSecret: 'right', name: 'Backend' }
const OPTIONS = {
  clients: [
    BACKEND,
    { clientId: 'telnyx-demo', name: 'Demo', redirectUris: ['http://localhost:5173/callback'] },
  ],
  rateLimits: false,
} as const

function introspect(
  url: string,
  body: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${url}/v2/oauth/introspect`, { method: 'POST', headers, body: new URLSearchParams(body) })
}

const right = { client_id: 'backend', client_secret: 'right' }
const basic = { authorization: `Basic ${btoa('backend:right')}` }

describe('introspection', () => {
  test.each(['opaque', 'jwt'] as const)(
    'tells all about a live token, and nothing about an ended one: %s',
    async (accessTokenFormat) => {
      const emulator = await startEmulator({ ...OPTIONS, accessTokenFormat })
      const { access_token: token, refresh_token: refreshToken = '' } = await signInToEmulator(
        emulator.issuer,
      )
      const live = await (await introspect(emulator.url, { ...right, token })).json()
      expect(live).toEqual({
        active: true,
        client_id: 'telnyx-demo',
        scope: 'billing.read',
        aud: emulator.issuer,
        iss: emulator.issuer,
        exp: expect.any(Number),
        iat: expect.any(Number),
      })
      expect((live as { exp: number; iat: number }).exp - (live as { iat: number }).iat).toBe(1800)
      emulator.expireAccessTokens()
      for (const ended of [token, refreshToken, 'KEY_EMULATOR_AVA', 'a.b.c', 'garbage']) {
        expect(await (await introspect(emulator.url, { ...right, token: ended })).json()).toEqual({
          active: false,
        })
      }
    },
  )

  test('takes form and JSON, credentials in the body and in the header', async () => {
    const { url } = await startEmulator(OPTIONS)
    const json = { 'content-type': 'application/json' }
    const asJson = (body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
      fetch(`${url}/v2/oauth/introspect`, {
        method: 'POST',
        headers: { ...json, ...headers },
        body: JSON.stringify(body),
      })
    const answers = [
      await introspect(url, { ...right, token: 'x' }),
      await introspect(url, { token: 'x' }, basic),
      await asJson({ ...right, token: 'x' }),
      await asJson({ token: 'x', resource: 'ignored' }, basic),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  })

  test.each([
    ['a wrong secret', { ...right, client_secret: 'wrong' }, {}],
    ['an unknown client', { ...right, client_id: 'nobody' }, {}],
    ['a public client', { client_id: 'telnyx-demo' }, {}],
    ['no client', {}, {}],
    ['two kinds of credentials', right, basic],
    ['a bearer token', {}, { authorization: 'Bearer KEY_EMULATOR_AVA' }],
  ])('refuses %s with invalid_client', async (_what, body, headers) => {
    const { url } = await startEmulator(OPTIONS)
    const response = await introspect(url, { token: 'x', ...body }, headers as Record<string, string>)
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ error: 'invalid_client' })
  })
})
