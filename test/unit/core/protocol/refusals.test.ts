import { describe, expect, test } from 'vitest'
import type { TelnyxAuthError } from '../../../../packages/core/src/errors.ts'
import { exchangeCode, refreshGrant } from '../../../../packages/core/src/protocol/tokens.ts'
import { translateError } from '../../../../packages/core/src/protocol/translate-error.ts'
import { json } from '../../../support/model-server.ts'

const issuer = 'https://as.example'
const metadata = { issuer, token_endpoint: `${issuer}/token` }
const refreshToken = 'refresh/0123456789+'
const now = Date.UTC(2026, 10, 1)

const transportTo = (response: Response) => ({ clientId: 'app', fetch: async () => response })

const failure = (work: Promise<unknown>): Promise<TelnyxAuthError> =>
  work.then(
    () => {
      throw new Error('It succeeded')
    },
    (error: unknown) => translateError(error, now, [refreshToken]),
  )

const refreshRefused = (response: Response) =>
  failure(refreshGrant(transportTo(response), metadata, refreshToken, {}))

const codeRefused = (response: Response) =>
  failure(exchangeCode(transportTo(response), metadata, 'c', { redirectUri: '/', verifier: 'v' }))

const typed = (body: string, status: number, type: string) => () =>
  new Response(body, { status, headers: { 'content-type': type } })

const challenge = { 'www-authenticate': 'Bearer realm="Doorkeeper", error="invalid_token"' }

describe('a refused refresh token', () => {
  test.each([
    ['an empty body (glewlwyd)', () => new Response(null, { status: 400 })],
    ['an empty body beside a challenge', () => new Response('', { status: 401, headers: challenge })],
    [
      'invalid_request and a description (jmondi)',
      () => json({ error: 'invalid_request', error_description: 'Token has been revoked' }, 400),
    ],
    ['invalid_request (lemonldap)', () => json({ error: 'invalid_request' }, 400)],
    ['the errors[] of the Telnyx API', () => json({ errors: [{ code: '10009', title: 'x' }] }, 401)],
    ['problem details', typed('{"title":"no"}', 400, 'application/problem+json')],
    ['an error that is no text', () => json({ error: { code: 7 } }, 401)],
    ['JSON that is null', () => json(null, 400)],
  ])('with %s is refresh_rejected, which may pass', async (_title, respond) => {
    const error = await refreshRefused(respond())
    expect(error).toMatchObject({ code: 'refresh_rejected', phase: 'refresh', retryable: true })
    expect(error.server?.status).toBeGreaterThanOrEqual(400)
    expect((await codeRefused(respond())).code).toBe('request_rejected')
  })

  test.each([
    ['a body that says so', () => json({ error: 'invalid_grant' }, 400), 'invalid_grant'],
    ['invalid_grant with 401', () => json({ error: 'invalid_grant' }, 401), 'invalid_grant'],
    [
      'invalid_grant beside a readable challenge (Doorkeeper)',
      () => json({ error: 'invalid_grant' }, 400, challenge),
      'invalid_grant',
    ],
    ['another error', () => json({ error: 'invalid_scope' }, 400), 'request_rejected'],
    [
      'invalid_client beside a challenge',
      () => json({ error: 'invalid_client' }, 401, { 'www-authenticate': 'Basic realm="x"' }),
      'request_rejected',
    ],
    ['408', () => json({ error: 'invalid_request' }, 408), 'server_unavailable'],
    ['429', () => json({}, 429), 'server_unavailable'],
    ['500 that says invalid_grant', () => json({ error: 'invalid_grant' }, 500), 'server_unavailable'],
    ['a redirect', () => json({}, 302), 'response_invalid'],
  ])('with %s is classified by what the server says: %3$s', async (_title, respond, code) => {
    expect((await refreshRefused(respond())).code).toBe(code)
    expect((await codeRefused(respond())).code).toBe(code)
  })

  test.each([
    ['HTML', typed('<h1>Forbidden</h1>', 401, 'text/html')],
    ['invalid_grant in HTML', typed('{"error":"invalid_grant"}', 400, 'text/html')],
    ['text', typed('{}', 400, 'text/plain')],
    ['JSON that is cut', typed('{"error":', 400, 'application/json')],
    ['403', () => json({}, 403)],
    ['404', () => new Response('', { status: 404 })],
    ['temporarily_unavailable', () => json({ error: 'temporarily_unavailable' }, 400)],
    ['server_error', () => json({ error: 'server_error' }, 400)],
    ['slow_down', () => json({ error: 'slow_down' }, 400)],
  ])('with %s may pass, as while a server is deployed; a refused code does not', async (_title, respond) => {
    expect(await refreshRefused(respond())).toMatchObject({ code: 'server_unavailable', retryable: true })
    expect((await codeRefused(respond())).code).toBe('request_rejected')
  })

  test('tells the words of the server although it comes with a challenge, without the token', async () => {
    const body = { error: 'invalid_client', error_description: `unknown: ${refreshToken}` }
    expect(await refreshRefused(json(body, 401, challenge))).toMatchObject({
      code: 'request_rejected',
      server: { status: 401, error: 'invalid_client', description: 'unknown: …' },
    })
    const encoded = { ...body, error_description: encodeURIComponent(`token=${refreshToken}`) }
    expect((await refreshRefused(json(encoded, 401))).server?.description).toBe('…')
    expect((await refreshRefused(json(body, 503, { 'retry-after': '7' }))).retryAfterMs).toBe(7000)
  })
})

describe('a success', () => {
  test.each([
    ['HTML of a captive portal', typed('<h1>Wi-Fi</h1>', 200, 'text/html')],
    ['nothing', () => new Response(null, { status: 204 })],
    ['a list', () => json([{ access_token: 'a' }])],
    ['an object without tokens', () => json({ token_type: 'Bearer' })],
    ['tokens that are null', () => json({ access_token: null, refresh_token: null })],
  ])('that brings %s is response_invalid, which may pass', async (_title, respond) => {
    const invalid = { code: 'response_invalid', retryable: true }
    expect(await refreshRefused(respond())).toMatchObject(invalid)
    expect(await codeRefused(respond())).toMatchObject(invalid)
  })

  test('that brings tokens with a wrong content type counts: they may be the only ones that are good', async () => {
    const response = typed('{"access_token":"a","refresh_token":"b"}', 200, 'text/html; charset=utf-8')
    const tokens = await refreshGrant(transportTo(response()), metadata, refreshToken, {})
    expect(tokens).toMatchObject({ accessToken: 'a', refreshToken: 'b' })
  })

  test('that brings an error in place of tokens tells it, and ends nothing', async () => {
    const error = await refreshRefused(json({ error: 'invalid_grant' }))
    expect(error).toMatchObject({ code: 'response_invalid', server: { status: 200, error: 'invalid_grant' } })
  })

  test('whose body is cut off is a network error', async () => {
    const body = new ReadableStream({ pull: (controller) => controller.error(new TypeError('cut')) })
    expect((await refreshRefused(new Response(body))).code).toBe('network_error')
  })
})
