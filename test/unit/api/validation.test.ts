import {
  buildAuthorizationUrl,
  createOAuthClient,
  createOAuthGrant,
  createTelnyxApi,
  deleteOAuthClient,
  exchangeAuthorizationCode,
  getConsentDetails,
  getOAuthClient,
  getOAuthGrant,
  introspectToken,
  refreshAccessToken,
  registerOAuthClient,
  requestClientCredentialsToken,
  revokeOAuthGrant,
  type TelnyxApi,
  updateOAuthClient,
} from '@telnyx-oauth/api'
import { describe, expect, it } from 'vitest'
import { createWire } from './support/scripted-fetch.ts'

const NEW_CLIENT = {
  name: 'Billing job',
  client_type: 'confidential',
  allowed_scopes: ['billing.read'],
  allowed_grant_types: ['client_credentials'],
} as const

/** What JavaScript could pass, whatever the types say. */
const bad = <T>(value: unknown): T => value as T

type Call = (api: TelnyxApi) => unknown

const creating =
  (fields: object): Call =>
  (api) =>
    createOAuthClient(api, bad({ ...NEW_CLIENT, ...fields }))
const updating =
  (fields: object): Call =>
  (api) =>
    updateOAuthClient(api, 'abc', bad(fields))
const registering =
  (fields: object): Call =>
  (api) =>
    registerOAuthClient(api, bad(fields))
const deciding =
  (fields: object): Call =>
  (api) =>
    createOAuthGrant(api, bad(fields))

const GRANT_TYPE_RULE = 'must be an array, each one of authorization_code, client_credentials, refresh_token'

const CLIENT_FIELDS =
  'name, allowed_grant_types, allowed_scopes, redirect_uris, require_pkce, logo_uri, policy_uri, tos_uri'

const REFUSED: readonly (readonly [title: string, call: Call, message: string])[] = [
  ['a client without a name', creating({ name: undefined }), 'name must be a non-empty string'],
  ['a client with an empty name', creating({ name: '' }), 'name must be a non-empty string'],
  [
    'a client of an unknown type',
    creating({ client_type: 'spa' }),
    'client_type must be one of public, confidential',
  ],
  [
    'a client without a type',
    creating({ client_type: undefined }),
    'client_type must be one of public, confidential',
  ],
  [
    'a client without grant types',
    creating({ allowed_grant_types: undefined }),
    `allowed_grant_types ${GRANT_TYPE_RULE}`,
  ],
  [
    'a client with an unknown grant type',
    creating({ allowed_grant_types: ['implicit'] }),
    `allowed_grant_types ${GRANT_TYPE_RULE}`,
  ],
  [
    'a client without scopes',
    creating({ allowed_scopes: undefined }),
    'allowed_scopes must be an array, each a non-empty string',
  ],
  [
    'scopes in one string',
    creating({ allowed_scopes: 'a b' }),
    'allowed_scopes must be an array, each a non-empty string',
  ],
  [
    'a relative redirect URI',
    creating({ redirect_uris: ['/callback'] }),
    'redirect_uris must be an array, each an absolute URI',
  ],
  ['a PKCE rule that is no boolean', creating({ require_pkce: 'yes' }), 'require_pkce must be a boolean'],
  ['a logo that is no URI', creating({ logo_uri: 'logo.png' }), 'logo_uri must be an absolute URI'],
  ['a policy that is null', creating({ policy_uri: null }), 'policy_uri must be an absolute URI'],
  ['a logo in an array', creating({ logo_uri: ['https://a.example'] }), 'logo_uri must be an absolute URI'],
  ['terms that are a number', creating({ tos_uri: 1 }), 'tos_uri must be an absolute URI'],
  [
    'a field that clients do not have',
    creating({ contacts: [] }),
    `contacts is not one of ${CLIENT_FIELDS}, client_type`,
  ],
  [
    'a change of the client type',
    updating({ client_type: 'public' }),
    `client_type is not one of ${CLIENT_FIELDS}`,
  ],
  ['a change to an empty name', updating({ name: '' }), 'name must be a non-empty string'],
  [
    'a registration with a field of RFC 7591 that Telnyx refuses',
    registering({ jwks_uri: 'https://a.example' }),
    'jwks_uri is not one of redirect_uris, client_name, grant_types, response_types, scope, token_endpoint_auth_method, logo_uri, policy_uri, tos_uri',
  ],
  [
    'a registration with a field that every object has',
    registering({ constructor: 'x' }),
    'constructor is not one of redirect_uris, client_name, grant_types, response_types, scope, token_endpoint_auth_method, logo_uri, policy_uri, tos_uri',
  ],
  [
    'a registration with an unknown method',
    registering({ token_endpoint_auth_method: 'private_key_jwt' }),
    'token_endpoint_auth_method must be one of none, client_secret_basic, client_secret_post',
  ],
  [
    'a registration with a relative redirect URI',
    registering({ redirect_uris: ['callback'] }),
    'redirect_uris must be an array, each an absolute URI',
  ],
  [
    'a registration with an unknown grant type',
    registering({ grant_types: ['password'] }),
    `grant_types ${GRANT_TYPE_RULE}`,
  ],
  [
    'a registration whose scopes are an array',
    registering({ scope: ['a'] }),
    'scope must be a non-empty string',
  ],
  [
    'a decision without a consent token',
    deciding({ allowed: true }),
    'consent_token must be a non-empty string',
  ],
  [
    'a decision that is no boolean',
    deciding({ consent_token: 't', allowed: 'yes' }),
    'allowed must be a boolean',
  ],
  [
    'a decision with scopes of its own',
    deciding({ consent_token: 't', allowed: true, scopes: [] }),
    'scopes is not one of consent_token, allowed',
  ],
  [
    'an empty consent token',
    (api) => getConsentDetails(api, ''),
    'consentToken must be a non-empty string, not . or ..',
  ],
  [
    'an empty client id',
    (api) => getOAuthClient(api, ''),
    'clientId must be a non-empty string, not . or ..',
  ],
  [
    'a client id that is missing',
    (api) => deleteOAuthClient(api, bad(undefined)),
    'clientId must be a non-empty string, not . or ..',
  ],
  [
    'a client id that climbs',
    (api) => deleteOAuthClient(api, '..'),
    'clientId must be a non-empty string, not . or ..',
  ],
  [
    'a client id that stays',
    (api) => updateOAuthClient(api, '.', {}),
    'clientId must be a non-empty string, not . or ..',
  ],
  [
    'an empty grant id',
    (api) => revokeOAuthGrant(api, ''),
    'grantId must be a non-empty string, not . or ..',
  ],
  [
    'a grant id that is a number',
    (api) => getOAuthGrant(api, bad(7)),
    'grantId must be a non-empty string, not . or ..',
  ],
  [
    'an empty code',
    (api) => exchangeAuthorizationCode(api, { client_id: 'a' }, { code: '' }),
    'code must be a non-empty string',
  ],
  [
    'an empty refresh token',
    (api) => refreshAccessToken(api, { client_id: 'a' }, { refresh_token: '' }),
    'refresh_token must be a non-empty string',
  ],
  [
    'an empty token',
    (api) => introspectToken(api, { client_id: 'a', client_secret: 's' }, ''),
    'token must be a non-empty string',
  ],
  [
    'a token request without a client id',
    (api) => requestClientCredentialsToken(api, bad({ client_secret: 's' })),
    'client_id must be a non-empty string',
  ],
  [
    'a method without its secret',
    (api) =>
      requestClientCredentialsToken(api, {
        client_id: 'a',
        token_endpoint_auth_method: 'client_secret_post',
      }),
    'client_secret must be a non-empty string',
  ],
  [
    'a method that Telnyx does not know',
    (api) =>
      requestClientCredentialsToken(api, { client_id: 'a', token_endpoint_auth_method: 'tls_client_auth' }),
    'token_endpoint_auth_method must be one of none, client_secret_basic, client_secret_post',
  ],
  [
    'an authorization without a client',
    (api) => buildAuthorizationUrl(api, bad({ redirect_uri: 'https://a.example' })),
    'client_id must be a non-empty string',
  ],
  [
    'an authorization with a relative redirect URI',
    (api) => buildAuthorizationUrl(api, { client_id: 'a', redirect_uri: '/callback' }),
    'redirect_uri must be an absolute URI',
  ],
]

describe('a TypeError says what to mend, and nothing is sent, for', () => {
  it.each(REFUSED)('%s', async (_title, call, message) => {
    const { fetch, requests } = createWire({ status: 200, body: {} })
    const api = createTelnyxApi({ apiKey: 'KEY', fetch })
    await expect(async () => call(api)).rejects.toThrow(new TypeError(message))
    expect(requests).toHaveLength(0)
  })

  it('a request body that is nothing at all', async () => {
    const { fetch, requests } = createWire({ status: 200, body: {} })
    await expect(createOAuthGrant(createTelnyxApi({ fetch }), bad(undefined))).rejects.toThrow(TypeError)
    expect(requests).toHaveLength(0)
  })
})

describe('the server decides about', () => {
  it('an update of nothing', async () => {
    const { fetch, requests } = createWire({ status: 200, body: { data: {} } })
    await updateOAuthClient(createTelnyxApi({ fetch }), 'abc', {})
    expect(requests[0]?.body).toBe('{}')
  })

  it('fields that are undefined: they are left out', async () => {
    const { fetch, requests } = createWire({ status: 200, body: { data: {} } })
    await createOAuthClient(createTelnyxApi({ fetch }), bad({ ...NEW_CLIENT, logo_uri: undefined }))
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual(NEW_CLIENT)
  })

  it('redirect URIs of apps and loopback addresses', async () => {
    const { fetch, requests } = createWire({ status: 200, body: { data: {} } })
    const redirect_uris = ['com.example.app:/callback', 'http://127.0.0.1:1234/']
    await createOAuthClient(createTelnyxApi({ fetch }), { ...NEW_CLIENT, redirect_uris })
    expect(requests).toHaveLength(1)
  })
})
