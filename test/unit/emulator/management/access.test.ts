import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { signInToEmulator } from '../../../support/emulator-sign-in.ts'
import { startEmulator } from '../../../support/start-emulator.ts'

const AVA = 'KEY_EMULATOR_AVA'
const NOOR = 'KEY_EMULATOR_NOOR'
const READ = 'authentication_and_access.read'
const WRITE = 'account_management.write'

interface List {
  readonly data: readonly { readonly client_id: string; readonly id: string }[]
}

function call(url: string, token: string, method = 'GET', json?: unknown): Promise<Response> {
  return fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  })
}

const list = async (url: string, token: string): Promise<List['data']> =>
  ((await (await call(url, token)).json()) as List).data

describe('who may manage clients and grants', () => {
  test('a person with the scopes the profile asks for', async () => {
    const { issuer, url } = await startEmulator()
    const reader = await signInToEmulator(issuer, { scope: READ })
    const writer = await signInToEmulator(issuer, { scope: `${READ} ${WRITE}` })
    const clients = `${url}/v2/oauth_clients`
    const body = { name: 'Mine', client_type: 'public', allowed_scopes: [], allowed_grant_types: [] }
    expect((await call(clients, reader.access_token)).status).toBe(200)
    expect((await call(clients, reader.access_token, 'POST', body)).status).toBe(401)
    expect((await call(clients, writer.access_token, 'POST', body)).status).toBe(201)
  })

  test('a token whose scope does not suffice is told which one is missing', async () => {
    for (const insufficientScopeStatus of [401, 403] as const) {
      const { issuer, url } = await startEmulator({ insufficientScopeStatus })
      const { access_token } = await signInToEmulator(issuer, { scope: 'fax.read' })
      const response = await call(`${url}/v2/oauth_clients`, access_token)
      expect(response.status).toBe(insufficientScopeStatus)
      expect(response.headers.get('www-authenticate')).toContain(`error="insufficient_scope"`)
      expect(response.headers.get('www-authenticate')).toContain(`scope="${READ}"`)
      expect(await response.json()).toMatchObject({ errors: [{ code: '10010' }] })
    }
  })

  test('a service, on behalf of the person who owns it', async () => {
    const { url, accounts } = await startEmulator({
      clients: [
        {
          clientId: 'service',
          clientSecret: 's',
          name: 'Service',
          ownerId: '6f1c2a54-0d5e-4f0b-9b6e-5a6c1f0e1a02',
        },
      ],
    })
    const response = await fetch(`${url}/v2/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: 'service',
        client_secret: 's',
        scope: READ,
      }),
    })
    const { access_token: token } = (await response.json()) as { access_token: string }
    expect(accounts[1]?.name).toBe('Noor Haddad')
    expect((await list(`${url}/v2/oauth_clients`, token)).map(({ client_id }) => client_id)).toEqual([
      'service',
    ])
  })

  test('nobody without a token, and the challenge names no error then', async () => {
    const { url } = await startEmulator()
    const response = await fetch(`${url}/v2/oauth_clients`)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="Telnyx API"')
  })
})

describe('people see', () => {
  test('their own clients only', async () => {
    const { url } = await startEmulator()
    const clients = `${url}/v2/oauth_clients`
    expect((await list(clients, AVA)).map(({ client_id }) => client_id)).toEqual(['telnyx-demo'])
    expect(await list(clients, NOOR)).toEqual([])
    for (const method of ['GET', 'PUT', 'DELETE']) {
      expect(
        (await call(`${clients}/telnyx-demo`, NOOR, method, method === 'PUT' ? {} : undefined)).status,
      ).toBe(404)
    }
  })

  test('their own grants only', async () => {
    const { issuer, url, accounts } = await startEmulator()
    await signInToEmulator(issuer, { accountId: accounts[1]?.id ?? '' })
    const grants = `${url}/v2/oauth_grants`
    const [grant] = await list(grants, NOOR)
    expect(grant).toMatchObject({ client_id: 'telnyx-demo', scopes: ['billing.read'] })
    expect(await list(grants, AVA)).toEqual([])
    expect((await call(`${grants}/${grant?.id}`, AVA, 'DELETE')).status).toBe(404)
    expect((await call(`${grants}/${grant?.id}`, NOOR, 'DELETE')).status).toBe(200)
  })

  test('no client that was registered anonymously', async () => {
    const { url } = await startEmulator()
    const registered = await fetch(`${url}/v2/oauth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: ['https://a.example/cb'] }),
    })
    expect(registered.status).toBe(201)
    expect(await list(`${url}/v2/oauth_clients`, AVA)).toHaveLength(1)
  })
})

describe('a grant', () => {
  test('says when it was last used', async () => {
    const { issuer, url } = await startEmulator()
    await signInToEmulator(issuer)
    const [grant] = await list(`${url}/v2/oauth_grants`, AVA)
    expect(grant).toMatchObject({ last_used_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) })
  })

  test('ends with its client', async () => {
    const emulator = await startEmulator()
    const { access_token } = await signInToEmulator(emulator.issuer)
    expect((await call(`${emulator.url}/v2/oauth_clients/telnyx-demo`, AVA, 'DELETE')).status).toBe(204)
    expect(emulator.grants).toEqual([])
    expect((await call(`${emulator.url}/v2/balance`, access_token)).status).toBe(401)
  })
})

describe('a token without an account', () => {
  test('of a client that registered itself opens nothing', async () => {
    const { url, clients } = await startEmulator()
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ grant_types: ['client_credentials'] })
    const registered = await fetch(`${url}/v2/oauth/register`, { method: 'POST', headers, body })
    const { client_id, client_secret } = (await registered.json()) as Record<string, string>
    const form = { grant_type: 'client_credentials', client_id, client_secret } as Record<string, string>
    const response = await fetch(`${url}/v2/oauth/token`, { method: 'POST', body: new URLSearchParams(form) })
    const { access_token: token } = (await response.json()) as { access_token: string }
    expect((await call(`${url}/v2/balance`, token)).status).toBe(401)
    expect((await call(`${url}/v2/oauth_clients/telnyx-demo`, token, 'DELETE')).status).toBe(401)
    expect(clients.map(({ client_id: id }) => id)).toContain('telnyx-demo')
  })

  test('that is configured any more opens nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'emulator-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const stateFile = join(folder, 'state.json')
    const before = await startEmulator({ stateFile })
    const { access_token: token } = await signInToEmulator(before.issuer)
    await before.stop()
    const port = Number(new URL(before.url).port)
    const { url } = await startEmulator({ stateFile, port, accounts: before.accounts.slice(1) })
    expect((await call(`${url}/v2/balance`, token)).status).toBe(401)
  })
})
