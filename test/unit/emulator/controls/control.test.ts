import { describe, expect, test } from 'vitest'
import { refreshAtEmulator, signInToEmulator } from '../../../support/emulator-sign-in.ts'
import { startEmulator } from '../../../support/start-emulator.ts'

async function control(
  url: string,
  action: string,
  json?: unknown,
): Promise<{ status: number; body: unknown }> {
  const [method = 'GET', path = ''] = action.split(' ')
  const response = await fetch(`${url}/__emulator/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  })
  return { status: response.status, body: await response.json() }
}

describe('the controls over HTTP', () => {
  test('say where the emulator is and who can sign in, but no key', async () => {
    const { url, issuer, accounts } = await startEmulator()
    const { body } = await control(url, 'GET ')
    expect(body).toEqual({ issuer, accounts: accounts.map(({ id, name, email }) => ({ id, name, email })) })
  })

  test('show and empty the request log, which they are not in', async () => {
    const { url, issuer } = await startEmulator()
    await signInToEmulator(issuer)
    const { body } = await control(url, 'GET requests?endpoint=token&grant=authorization_code&status=200')
    expect(body).toMatchObject([{ endpoint: 'token', clientId: 'telnyx-demo' }])
    await control(url, 'DELETE requests')
    expect((await control(url, 'GET requests')).body).toEqual([])
  })

  test('forget the requests that the query names', async () => {
    const { url, requests, clearRequests } = await startEmulator()
    await fetch(`${url}/v2/oauth/jwks`)
    await fetch(`${url}/v2/balance`)
    expect((await control(url, 'DELETE requests?endpont=jwks')).status).toBe(400)
    await control(url, 'DELETE requests?endpoint=jwks')
    expect(requests().map(({ endpoint }) => endpoint)).toEqual(['balance'])
    clearRequests({ endpoint: 'jwks' })
    expect(requests()).toHaveLength(1)
    clearRequests({ endpoint: 'balance' })
    expect(requests()).toEqual([])
  })

  test('wait for a request', async () => {
    const { url } = await startEmulator()
    const next = control(url, 'GET requests/next?endpoint=jwks')
    const held = await control(url, 'POST hold', { endpoint: 'jwks' })
    const asked = fetch(`${url}/v2/oauth/jwks`)
    await control(url, `GET hold?id=${(held.body as { id: string }).id}`)
    await control(url, `POST release?id=${(held.body as { id: string }).id}`)
    await asked
    expect((await next).body).toMatchObject({ endpoint: 'jwks', status: 200 })
  })

  test('refuse to wait for a hold that a reset has released', async () => {
    const { url } = await startEmulator()
    const { body } = await control(url, 'POST hold', { endpoint: 'jwks' })
    const caught = control(url, `GET hold?id=${(body as { id: string }).id}`)
    await control(url, 'POST reset')
    const error = 'the emulator was reset before the hold caught such a request'
    expect(await caught).toEqual({ status: 400, body: { error } })
  })

  test('expire access tokens, revoke grants and reset', async () => {
    const emulator = await startEmulator()
    const { url, issuer } = emulator
    const { refresh_token: token = '' } = await signInToEmulator(issuer)
    expect((await control(url, 'POST expire', { clientId: 'another' })).body).toEqual({ expired: 0 })
    expect((await control(url, 'POST expire')).body).toEqual({ expired: 1 })
    expect((await control(url, 'GET grants')).body).toEqual(emulator.grants)
    expect((await control(url, 'POST revoke', { grantId: emulator.grants[0]?.id })).body).toEqual({
      revoked: true,
    })
    await expect(refreshAtEmulator(issuer, token)).rejects.toMatchObject({ error: 'invalid_grant' })
    await control(url, 'POST reset')
    expect(emulator.requests()).toEqual([])
  })

  test('change metadata', async () => {
    const { url } = await startEmulator()
    const members = { issuer: 'https://other.example' }
    expect((await control(url, 'POST metadata', { endpoint: 'metadata', members })).status).toBe(200)
    const response = await fetch(`${url}/.well-known/oauth-authorization-server`)
    expect(await response.json()).toMatchObject(members)
  })

  test('queue faults and step-up requirements', async () => {
    const { url } = await startEmulator()
    await control(url, 'POST fail', { endpoint: 'jwks', status: 418, body: 'teapot', times: 1 })
    expect((await fetch(`${url}/v2/oauth/jwks`)).status).toBe(418)
    expect((await fetch(`${url}/v2/oauth/jwks`)).status).toBe(200)
    expect((await control(url, 'POST step-up', { endpoint: 'balance', acrValues: ['x'] })).status).toBe(200)
  })

  test('add clients, and make up as many as one likes', async () => {
    const emulator = await startEmulator()
    const { url, issuer } = emulator
    await control(url, 'POST clients', {
      clientId: 'mine',
      name: 'Mine',
      redirectUris: ['http://localhost:5173/callback'],
    })
    await expect(signInToEmulator(issuer, { clientId: 'mine' })).resolves.toHaveProperty('access_token')
    for (const round of [1, 2]) {
      expect((await control(url, 'POST seed', { clients: 5, grants: 7 })).status).toBe(200)
      expect([round, emulator.clients.length, emulator.grants.length]).toEqual([round, 7, 8])
    }
    emulator.reset()
    expect([emulator.clients.length, emulator.grants.length]).toEqual([1, 0])
  })

  test.each([
    ['text/plain', '{}', 'the content type must be application/json'],
    ['application/json', '{', 'the body is not valid JSON'],
    ['application/json', '[]', 'control: the body must be an object; got []'],
  ])('expire nothing when the body is no JSON object: %s %s', async (type, body, error) => {
    const emulator = await startEmulator()
    await signInToEmulator(emulator.issuer)
    const headers = { 'content-type': type }
    const response = await fetch(`${emulator.url}/__emulator/expire`, { method: 'POST', headers, body })
    expect([response.status, await response.json()]).toEqual([400, { error }])
    expect(emulator.expireAccessTokens()).toBe(1)
  })

  test.each([
    ['POST clients', { clientId: 'mine' }, 400],
    ['GET nothing', undefined, 404],
    ['POST fail', { endpoint: 'nowhere' }, 400],
    ['POST fail', [], 400],
    ['POST release?id=9', undefined, 400],
    ['POST metadata', { endpoint: 'token', members: {} }, 400],
    ['POST metadata', { endpoint: 'metadata' }, 400],
    ['POST fail', { endpoint: 'jwks', sttus: 503 }, 400],
    ['POST fail', undefined, 400],
    ['POST hold', { endpoint: 'jwks', id: 1 }, 400],
    ['POST expire', { client: 'telnyx-demo' }, 400],
    ['POST revoke', { grantID: 'x' }, 400],
    ['POST revoke', { grantId: 1 }, 400],
    ['POST seed', { clients: 1e9 }, 400],
    ['GET requests?endpont=jwks', undefined, 400],
    ['GET requests?status=x', undefined, 400],
    ['GET requests/next?endpont=jwks', undefined, 400],
    ['GET requests?endpoint=jwks&endpoint=token', undefined, 400],
    ['POST expire?clientId=telnyx-demo', undefined, 400],
    ['POST reset?really=true', undefined, 400],
    ['GET grants?clientId=telnyx-demo', undefined, 400],
    ['POST release?id=1&times=2', undefined, 400],
    ['POST release', { id: '1' }, 400],
    ['POST metadata', { endpoint: 'metadata', members: {}, times: 1 }, 400],
  ])('refuse %s in a sentence', async (action, json, status) => {
    const { url } = await startEmulator()
    expect(await control(url, action, json)).toMatchObject({ status, body: { error: expect.any(String) } })
  })
})
