import type { EmulatorOptions } from '@telnyx-oauth/emulator'
import { describe, expect, test } from 'vitest'
import { refreshAtEmulator, signInToEmulator } from '../../../support/emulator-sign-in.ts'
import { startEmulator } from '../../../support/start-emulator.ts'

const JSON_TYPE = 'application/json; charset=utf-8'
const refused = { error: 'invalid_grant' }

function post(url: string, form: Record<string, string>): Promise<Response> {
  const body = new URLSearchParams({ client_id: 'telnyx-demo', ...form })
  return fetch(`${url}/v2/oauth/token`, { method: 'POST', body })
}

/** Status, content type, challenge and body of the response to a refresh token that was used before. */
async function refuse(options: EmulatorOptions): Promise<readonly unknown[]> {
  const { issuer, url } = await startEmulator(options)
  const { refresh_token: token = '' } = await signInToEmulator(issuer)
  await refreshAtEmulator(issuer, token)
  const response = await post(url, { grant_type: 'refresh_token', refresh_token: token })
  const { status, headers } = response
  const text = await response.text()
  const body: unknown = headers.get('content-type') === JSON_TYPE ? JSON.parse(text) : text
  return [status, headers.get('content-type'), headers.get('www-authenticate'), body]
}

describe('a refresh token that is dead', () => {
  test('is refused with invalid_grant, as RFC 6749 says, by default', async () => {
    expect(await refuse({})).toEqual([400, JSON_TYPE, null, expect.objectContaining(refused)])
  })

  test('is refused with invalid_grant beside a challenge, as Doorkeeper does', async () => {
    expect(await refuse({ refreshTokenRefusal: 'challenge' })).toEqual([
      400,
      JSON_TYPE,
      expect.stringMatching(/^Bearer .*error="invalid_grant"/),
      expect.objectContaining(refused),
    ])
  })

  test('is refused with invalid_request, as jmondi and LemonLDAP do', async () => {
    const body = { error: 'invalid_request', error_description: 'Token has been revoked' }
    expect(await refuse({ refreshTokenRefusal: 'invalid_request' })).toEqual([400, JSON_TYPE, null, body])
  })

  test('is refused with an empty body, as Glewlwyd does', async () => {
    expect(await refuse({ refreshTokenRefusal: 'empty' })).toEqual([400, null, null, ''])
  })

  test('is refused with the v2 envelope of Telnyx, which has no error', async () => {
    const body = { errors: [expect.objectContaining({ code: '10015' })] }
    expect(await refuse({ refreshTokenRefusal: 'v2-errors' })).toEqual([400, JSON_TYPE, null, body])
  })

  test('is refused with any response of one’s own', async () => {
    const headers = { 'content-type': 'text/html', 'www-authenticate': 'Bearer' }
    const refreshTokenRefusal = { status: 403, headers, body: '<h1>No' }
    expect(await refuse({ refreshTokenRefusal })).toEqual([403, 'text/html', 'Bearer', '<h1>No'])
  })
})

test('other refusals of the token endpoint keep their words, whatever a dead refresh token gets', async () => {
  const { url } = await startEmulator({ refreshTokenRefusal: 'empty' })
  const code = await post(url, {
    grant_type: 'authorization_code',
    code: 'x',
    redirect_uri: 'http://a.example',
  })
  expect(await code.json()).toMatchObject(refused)
  const missing = await post(url, { grant_type: 'refresh_token' })
  expect(await missing.json()).toMatchObject({ error: 'invalid_request' })
})

test.each([
  ['nope', '" must be invalid_grant, challenge, '],
  [400, '" must be invalid_grant, challenge, '],
  [{}, '.status" is required'],
  [{ status: 99 }, '.status" must be a status from 200 to 599; got 99'],
])('the option refuses %j', (value, message) => {
  const refreshTokenRefusal = value as 'empty'
  return expect(startEmulator({ refreshTokenRefusal })).rejects.toThrow(
    `createEmulator: the option "refreshTokenRefusal${message}`,
  )
})
