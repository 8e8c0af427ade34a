import { inspect } from 'node:util'
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
  TelnyxApiError,
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

/** Refusals that repeat what was sent, in each place that an error keeps. */
const ECHOES: readonly ((echo: string) => Reply)[] = [
  (echo) => ({ status: 400, body: { error: 'invalid_grant', error_description: `${echo} is unknown` } }),
  (echo) => ({ status: 400, body: { error: echo } }),
  (echo) => ({ status: 400, body: { error: 'x', invalid_fields: { code: [`bad ${echo}`] } } }),
  (echo) => ({
    status: 422,
    body: {
      errors: [
        { code: echo, title: echo, detail: echo, source: { pointer: `/${echo}` } },
        { detail: `${echo}, ${echo}`, meta: { url: `https://a.example/?q=${echo}` } },
      ],
    },
  }),
  (echo) => ({ status: 400, headers: { 'x-request-id': echo } }),
  (echo) => ({ status: 403, headers: { 'www-authenticate': `Bearer scope="${echo}"` } }),
  (echo) => ({ status: 400, body: `{"error_description":"${echo.replaceAll('E', String.raw`\u0045`)}"}` }),
]

useVirtualTime()

it.each(Object.entries(CALLS))(
  'no error about %s contains a secret that the server repeats',
  async (_title, call) => {
    for (const echoOf of ECHOES) {
      const fetch: typeof globalThis.fetch = async (input, init) => {
        const sent = sentSecrets(String(input), init)
        return createWire(echoOf(sent)).fetch(input, init)
      }
      const error = await errorInTheEnd(call(createTelnyxApi({ apiKey: 'SENTINEL-key', fetch })))
      expect(error).toBeInstanceOf(TelnyxApiError)
      expect(everythingIn(error)).not.toMatch(/SENTINEL|U0VOVElORUwt|c2VydmljZTpTRU5USU5FTC/)
    }
  },
)

it('a body that a server repeats as it was sent is as free of secrets as its values', async () => {
  const client = {
    client_id: 'a',
    client_secret: "SENTINEL~!'() secret",
    token_endpoint_auth_method: 'client_secret_post',
  }
  const fetch: typeof globalThis.fetch = async (input, init) =>
    createWire({ status: 400, body: { error: 'x', error_description: `cannot read ${init?.body}` } }).fetch(
      input,
      init,
    )
  const call = refreshAccessToken(createTelnyxApi({ fetch }), client, { refresh_token: 'SENTINEL~token' })
  const error = await errorInTheEnd(call)
  expect(error).toMatchObject({ detail: expect.stringContaining('refresh_token=…') })
  expect(everythingIn(error)).not.toContain('SENTINEL')
})

it('a secret of few characters is left in the words of the server, which it may be a part of', async () => {
  const { fetch } = createWire({ status: 400, body: { error: 'invalid_grant' } })
  const call = exchangeAuthorizationCode(createTelnyxApi({ fetch }), { client_id: 'app' }, { code: 'grant' })
  expect(await errorInTheEnd(call)).toMatchObject({ code: 'invalid_grant' })
})

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

/** Everything confidential in a request, decoded and as it was sent. */
function sentSecrets(url: string, init: RequestInit = {}): string {
  const authorization = new Headers(init.headers).get('authorization') ?? ''
  const credentials = authorization.replace(/^\w+ /, '')
  const isBasic = authorization.startsWith('Basic')
  const values = init.body instanceof URLSearchParams ? [...init.body.values()] : [String(init.body)]
  const words = [url, credentials, isBasic ? decodeURIComponent(atob(credentials)) : '', ...values]
  // JSON in JSON would be escaped twice.
  return words.join(' ').replaceAll('"', "'")
}

/** Message, stack, own properties, and the same of every cause. */
function everythingIn(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error) ?? ''
  const own = Object.getOwnPropertyNames(error).map((name) => `${name}=${String(Reflect.get(error, name))}`)
  return [
    String(error),
    error.stack,
    JSON.stringify(error),
    inspect(error, { depth: 9 }),
    ...own,
    everythingIn(error.cause),
  ].join('\n')
}
