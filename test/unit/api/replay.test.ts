import {
  createOAuthClient,
  createOAuthGrant,
  createTelnyxApi,
  deleteOAuthClient,
  exchangeAuthorizationCode,
  getJwks,
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
import { createWire, type Reply } from './support/scripted-fetch.ts'
import { errorInTheEnd, inTheEnd, useVirtualTime } from './support/virtual-time.ts'

const OK: Reply = { status: 200, body: { data: { client_id: 'abc' } } }
const NEW_CLIENT = {
  name: 'Billing job',
  client_type: 'confidential',
  allowed_scopes: ['billing.read'],
  allowed_grant_types: ['client_credentials'],
} as const
const APP = { client_id: 'app' }
const TOKEN = { access_token: 'a', token_type: 'Bearer', expires_in: 1800 }

useVirtualTime()

describe('what is never sent twice', () => {
  it.each<[string, (api: TelnyxApi) => Promise<unknown>]>([
    ['a code', (api) => exchangeAuthorizationCode(api, APP, { code: 'c' })],
    ['a refresh token', (api) => refreshAccessToken(api, APP, { refresh_token: 'r' })],
    ['client credentials', (api) => requestClientCredentialsToken(api, APP)],
    ['a registration', (api) => registerOAuthClient(api, {})],
  ])('%s, whatever the failure', async (_title, call) => {
    const replies: Reply[] = [
      { status: 408 },
      { status: 409 },
      { status: 429, headers: { 'retry-after': '1' } },
      { status: 503 },
      { status: 400, headers: { 'x-should-retry': 'true' } },
      'drop',
      'drop-body',
      'hang',
    ]
    for (const reply of replies) {
      const { fetch, requests } = createWire(reply, { status: 200, body: { ...TOKEN, client_id: 'new' } })
      const error = await errorInTheEnd(call(createTelnyxApi({ fetch })))
      expect(requests).toHaveLength(1)
      // Only a refusal leaves the code or token unspent.
      const isRefused = typeof reply === 'object' && reply.status < 500
      expect(error).toMatchObject({ isRetryable: isRefused })
    }
  })

  it.each<[string, (api: TelnyxApi) => Promise<unknown>]>([
    ['the creation of a client', (api) => createOAuthClient(api, NEW_CLIENT)],
    ['a decision', (api) => createOAuthGrant(api, { consent_token: 't', allowed: true })],
  ])('%s, after a network error or a 5xx', async (_title, call) => {
    const replies: Reply[] = [
      'drop',
      'drop-body',
      'hang',
      { status: 500 },
      { status: 503 },
      { status: 500, headers: { 'x-should-retry': 'true' } },
    ]
    for (const reply of replies) {
      const { fetch, requests } = createWire(reply, OK)
      const error = await errorInTheEnd(call(createTelnyxApi({ fetch })))
      expect(requests).toHaveLength(1)
      expect(error).toMatchObject({ isRetryable: false })
    }
  })
})

describe('what is sent again', () => {
  it.each<[string, (api: TelnyxApi) => Promise<unknown>]>([
    ['the creation of a client', (api) => createOAuthClient(api, NEW_CLIENT)],
    ['a decision', (api) => createOAuthGrant(api, { consent_token: 't', allowed: true })],
  ])('%s, after a refusal', async (_title, call) => {
    for (const status of [408, 409, 429]) {
      const { fetch, requests } = createWire({ status })
      await errorInTheEnd(call(createTelnyxApi({ fetch })))
      expect(requests).toHaveLength(3)
      expect(new Set(requests.map(({ body }) => body)).size).toBe(1)
    }
  })

  it.each<[string, (api: TelnyxApi) => Promise<unknown>]>([
    ['an update', (api) => updateOAuthClient(api, 'abc', { name: 'b' })],
    ['a deletion', (api) => deleteOAuthClient(api, 'abc')],
    ['a revocation', (api) => revokeOAuthGrant(api, 'abc')],
    ['an introspection', (api) => introspectToken(api, { client_id: 'a', client_secret: 's' }, 't')],
    ['a public request', (api) => getJwks(api)],
    ['a read', (api) => getOAuthGrant(api, 'abc')],
  ])('%s, after any failure that may pass', async (_title, call) => {
    for (const reply of ['drop', { status: 503 }] as const) {
      const { fetch, requests } = createWire(reply)
      const error = await errorInTheEnd(call(createTelnyxApi({ fetch })))
      expect(requests).toHaveLength(3)
      expect(error).toMatchObject({ isRetryable: true })
    }
  })
})

describe('a deletion that finds nothing', () => {
  const gone: Reply = { status: 404, body: { errors: [{ code: '10005' }] } }
  const CALLS: [string, (api: TelnyxApi) => Promise<unknown>][] = [
    ['of a client', (api) => deleteOAuthClient(api, 'abc')],
    ['of a grant', (api) => revokeOAuthGrant(api, 'abc')],
  ]

  it.each(CALLS)('%s, after an attempt whose response was lost, has done its work', async (_title, call) => {
    for (const reply of ['drop', 'drop-body', 'hang', { status: 502 }] as const) {
      const { fetch, requests } = createWire(reply, { status: 429 }, gone)
      expect(await inTheEnd(call(createTelnyxApi({ fetch })))).toEqual({ value: undefined })
      expect(requests).toHaveLength(3)
    }
  })

  it.each(CALLS)('%s, at once or after a refusal, rejects with 404', async (_title, call) => {
    const scripts: [Reply, ...Reply[]][] = [[gone], [{ status: 429 }, gone]]
    for (const script of scripts) {
      const { fetch, requests } = createWire(...script)
      expect(await errorInTheEnd(call(createTelnyxApi({ fetch })))).toMatchObject({ status: 404 })
      expect(requests).toHaveLength(script.length)
    }
  })

  it('of anything else rejects with 404 after a lost response too', async () => {
    for (const call of [
      (api: TelnyxApi) => getOAuthGrant(api, 'abc'),
      (api: TelnyxApi) => updateOAuthClient(api, 'abc', { name: 'b' }),
    ]) {
      const { fetch } = createWire('drop', gone)
      expect(await errorInTheEnd(call(createTelnyxApi({ fetch })))).toMatchObject({ status: 404 })
    }
  })
})
