import {
  createOAuthClient,
  createTelnyxApi,
  deleteOAuthClient,
  getOAuthClient,
  listOAuthGrants,
  refreshAccessToken,
  revokeOAuthGrant,
} from '@telnyx-oauth/api'
import type { EmulatorOptions } from '@telnyx-oauth/emulator'
import * as oauth from 'oauth4webapi'
import { describe, expect, test } from 'vitest'
import { authorizeInBrowser, discoverEmulator, signInToEmulator } from '../support/emulator-sign-in.ts'
import { startEmulator } from '../support/start-emulator.ts'
import { API_KEY, APP } from './support/api-scene.ts'

async function openHandle(options: EmulatorOptions = {}) {
  const emulator = await startEmulator(options)
  const baseUrl = `${emulator.url}/v2`
  return { emulator, baseUrl, api: createTelnyxApi({ apiKey: API_KEY, baseUrl }) }
}

test('a refresh whose response is lost is sent once and not called retryable: the token is spent', async () => {
  const { emulator, api } = await openHandle()
  const { refresh_token = '' } = await signInToEmulator(emulator.issuer)
  emulator.clearRequests()
  emulator.fail('token', { when: 'after', drop: true })
  const refresh = () => refreshAccessToken(api, APP, { refresh_token })
  await expect(refresh()).rejects.toMatchObject({ name: 'TelnyxConnectionError', isRetryable: false })
  expect(emulator.requests({ endpoint: 'token' })).toHaveLength(1)
  await expect(refresh()).rejects.toMatchObject({ code: 'invalid_grant', isRetryable: false })
})

describe('a deletion whose first response is lost resolves', () => {
  test('of a client', async () => {
    const { emulator, api } = await openHandle()
    const { client_id } = await createOAuthClient(api, {
      name: 'Billing job',
      client_type: 'confidential',
      allowed_scopes: ['billing.read'],
      allowed_grant_types: ['client_credentials'],
    })
    emulator.clearRequests()
    emulator.fail('clients', { when: 'after', drop: true })
    expect(await deleteOAuthClient(api, client_id)).toBeUndefined()
    expect(emulator.requests({ endpoint: 'clients' })).toHaveLength(2)
    await expect(getOAuthClient(api, client_id)).rejects.toMatchObject({ status: 404 })
  })

  test('of a grant, without the grant that was', async () => {
    const { emulator, api } = await openHandle({ seed: { clients: 1, grants: 1 } })
    const { value: grant } = await listOAuthGrants(api)[Symbol.asyncIterator]().next()
    emulator.fail('grants', { when: 'after', drop: true })
    expect(await revokeOAuthGrant(api, grant?.id ?? '')).toBeUndefined()
    await expect(revokeOAuthGrant(api, grant?.id ?? '')).rejects.toMatchObject({ status: 404 })
  })
})

/** Signs in and binds the access token to a key. */
async function boundToken(issuer: string): Promise<string> {
  const server = await discoverEmulator(issuer)
  const client: oauth.Client = { ...APP }
  const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'))
  const { callbackUrl, codeVerifier, state, redirectUri } = await authorizeInBrowser(issuer)
  const params = oauth.validateAuthResponse(server, client, callbackUrl, state)
  const options = { DPoP, [oauth.allowInsecureRequests]: true }
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    params,
    redirectUri,
    codeVerifier,
    options,
  )
  return (await oauth.processAuthorizationCodeResponse(server, client, response)).access_token
}

test('a DPoP-bound token from getAccessToken is refused with a word on what to use', async () => {
  const { emulator, baseUrl } = await openHandle({ dpop: true })
  const getAccessToken = () => boundToken(emulator.issuer)
  await expect(
    getOAuthClient(createTelnyxApi({ getAccessToken, baseUrl }), APP.client_id),
  ).rejects.toMatchObject({
    status: 401,
    message: expect.stringContaining('use fetch of @telnyx-oauth/core'),
  })
})
