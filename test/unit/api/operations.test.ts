import {
  buildAuthorizationUrl,
  createOAuthGrant,
  createTelnyxApi,
  getAuthorizationServerMetadata,
  getOAuthClient,
  introspectToken,
  listOAuthClients,
  refreshAccessToken,
  registerOAuthClient,
  type TelnyxApi,
} from '@telnyx-oauth/api'
import { describe, expect, it } from 'vitest'
import { APP, BASE, firstOf, OPERATION_CASES, SERVICE } from './support/operation-cases.ts'
import { createWire } from './support/scripted-fetch.ts'

describe.each(Object.entries(OPERATION_CASES))(
  '%s',
  (_title, { call, sends, body, isPublic, status, answer, ...rest }) => {
    const open = () => {
      const wire = createWire({ status: status ?? 200, ...(answer !== undefined && { body: answer }) })
      return { ...wire, api: createTelnyxApi({ baseUrl: BASE, apiKey: 'KEY', fetch: wire.fetch }) }
    }

    it('is asked for as the contract says', async () => {
      const { api, requests } = open()
      await call(api)
      const [request] = requests
      expect(`${request?.method} ${request?.url}`).toBe(sends)
      expect(request?.body).toBe(typeof body === 'object' ? JSON.stringify(body) : body)
      const type = typeof body === 'object' ? /^application\/json$/ : /^application\/x-www-form-urlencoded/
      if (body !== undefined) expect(request?.headers.get('content-type')).toMatch(type)
      expect(request?.headers.get('authorization') === 'Bearer KEY').toBe(!isPublic)
      expect(requests).toHaveLength(1)
    })

    it('comes whole, unknown fields included', async () => {
      const { api } = open()
      expect(await call(api)).toEqual('gives' in rest ? rest.gives : answer)
    })
  },
)

describe('the answer to a', () => {
  it.each<[string, (api: TelnyxApi) => Promise<unknown>]>([
    ['token request must have a token', (api) => refreshAccessToken(api, APP, { refresh_token: 'r' })],
    ['registration must have a client id', (api) => registerOAuthClient(api, {})],
    [
      'decision must have a redirect URI',
      (api) => createOAuthGrant(api, { consent_token: 't', allowed: true }),
    ],
    ['introspection must say whether the token is active', (api) => introspectToken(api, SERVICE, 't')],
    ['list must have an array', (api) => firstOf(listOAuthClients(api))],
  ])('%s', async (_title, call) => {
    const { fetch } = createWire({ status: 200, body: { data: { not: 'asked for' } } })
    await expect(call(createTelnyxApi({ fetch }))).rejects.toMatchObject({
      name: 'TelnyxApiError',
      status: 200,
    })
  })

  it.each(['[]', '"text"', '7', 'null'])('discovery request must be an object, not %s', async (body) => {
    const call = getAuthorizationServerMetadata(
      createTelnyxApi({ fetch: createWire({ status: 200, body }).fetch }),
    )
    await expect(call).rejects.toMatchObject({ name: 'TelnyxApiError' })
  })

  it.each([[[]], ['text'], [7], [null]])('read must have an object as data, not %j', async (data) => {
    const { fetch } = createWire({ status: 200, body: { data } })
    const call = getOAuthClient(createTelnyxApi({ fetch }), 'abc')
    await expect(call).rejects.toMatchObject({ name: 'TelnyxApiError' })
  })
})

describe('the authorization URL', () => {
  const api = createTelnyxApi({ baseUrl: BASE })

  it('asks for a code with all that was given and nothing that was not', () => {
    const url = buildAuthorizationUrl(api, {
      client_id: 'app',
      redirect_uri: 'https://app.example/callback?a=b',
      scope: 'billing.read voice.write',
      state: undefined,
      code_challenge: 'challenge',
      code_challenge_method: 'S256',
      resource: 'https://api.telnyx.com/v2/mcp',
    })
    expect(url.slice(0, url.indexOf('?'))).toBe(`${BASE}/oauth/authorize`)
    expect(Object.fromEntries(new URL(url).searchParams)).toEqual({
      response_type: 'code',
      client_id: 'app',
      redirect_uri: 'https://app.example/callback?a=b',
      scope: 'billing.read voice.write',
      code_challenge: 'challenge',
      code_challenge_method: 'S256',
      resource: 'https://api.telnyx.com/v2/mcp',
    })
  })

  it('never asks for anything but a code', () => {
    const request = { client_id: 'app', redirect_uri: 'https://app.example/', response_type: 'token' }
    expect(buildAuthorizationUrl(api, request)).toContain('response_type=code')
  })
})
