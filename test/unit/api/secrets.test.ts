import {
  createOAuthClient,
  createOAuthGrant,
  createTelnyxApi,
  exchangeAuthorizationCode,
  getConsentDetails,
  getOAuthClient,
  introspectToken,
  refreshAccessToken,
  registerOAuthClient,
  requestClientCredentialsToken,
  type TelnyxApi,
} from '@telnyx-oauth/api'
import { expect, it } from 'vitest'
import { createWire, type Reply } from './support/scripted-fetch.ts'
import { errorInTheEnd, useVirtualTime } from './support/virtual-time.ts'

const SERVICE = { client_id: 'service', client_secret: 'SENTINEL-secret' }
const NEW_CLIENT = {
  name: 'Billing job',
  client_type: 'confidential',
  allowed_scopes: ['billing.read'],
  allowed_grant_types: ['client_credentials'],
} as const

const CALLS: Readonly<Record<string, (api: TelnyxApi) => Promise<unknown>>> = {
  'a read': (api) => getOAuthClient(api, 'abc'),
  'a consent token in a path': (api) => getConsentDetails(api, 'SENTINEL-consent'),
  'a consent token in a body': (api) =>
    createOAuthGrant(api, { consent_token: 'SENTINEL-consent', allowed: true }),
  'a code': (api) =>
    exchangeAuthorizationCode(
      api,
      { client_id: 'app' },
      { code: 'SENTINEL-code', code_verifier: 'SENTINEL-verifier' },
    ),
  'a refresh token': (api) => refreshAccessToken(api, SERVICE, { refresh_token: 'SENTINEL-refresh' }),
  'a client secret': (api) =>
    requestClientCredentialsToken(api, { ...SERVICE, token_endpoint_auth_method: 'client_secret_post' }),
  'an introspected token': (api) => introspectToken(api, SERVICE, 'SENTINEL-token'),
  'a registration': (api) => registerOAuthClient(api, {}),
  'a new client': (api) => createOAuthClient(api, NEW_CLIENT),
}

// What comes back holds a secret too, cut off or in the wrong place.
const REPLIES: readonly Reply[] = [
  'drop',
  'drop-body',
  'hang',
  { status: 200, body: '{"access_token":"SENTINEL-answer","client_secret":"SENTINEL-answer' },
  { status: 200, body: { data: [], token: 'SENTINEL-answer' } },
  { status: 400, body: { error: 'invalid_request', client_secret: 'SENTINEL-answer' } },
  { status: 401, body: { errors: [{ code: '10009', title: 'Authentication failed' }] } },
  { status: 302, headers: { location: 'https://app.example/?code=SENTINEL-answer' } },
  { status: 500, body: '<html>SENTINEL-answer</html>' },
]

useVirtualTime()

it.each(Object.entries(CALLS))('no error about %s contains a secret', async (_title, call) => {
  for (const reply of REPLIES) {
    const { fetch } = createWire(reply)
    const api = createTelnyxApi({ apiKey: 'SENTINEL-key', fetch })
    expect(everythingIn(await errorInTheEnd(call(api)))).not.toContain('SENTINEL')
  }
})

it.each([
  ['a consent token of the wrong type', (api: TelnyxApi) => getConsentDetails(api, ['SENTINEL'] as never)],
  [
    'a secret of the wrong type',
    (api: TelnyxApi) =>
      requestClientCredentialsToken(api, {
        client_id: 'a',
        client_secret: ['SENTINEL'] as unknown as string,
      }),
  ],
  [
    'a decision of the wrong type',
    (api: TelnyxApi) =>
      createOAuthGrant(api, { consent_token: 'SENTINEL', allowed: 'SENTINEL' as unknown as boolean }),
  ],
])('no TypeError quotes %s', async (_title, call) => {
  const error = await errorInTheEnd(call(createTelnyxApi({ apiKey: 'SENTINEL-key' })))
  expect(error).toBeInstanceOf(TypeError)
  expect(everythingIn(error)).not.toContain('SENTINEL')
})

/** Message, stack, own properties, and the same of every cause. */
function everythingIn(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error) ?? ''
  const own = Object.getOwnPropertyNames(error).map((name) => `${name}=${String(Reflect.get(error, name))}`)
  return [String(error), error.stack, JSON.stringify(error), ...own, everythingIn(error.cause)].join('\n')
}
