import { describe, expect, test } from 'vitest'
import { authorizeInBrowser, signInToEmulator } from '../../../support/emulator-sign-in.ts'
import { startEmulator } from '../../../support/start-emulator.ts'

const headers = { authorization: 'Bearer KEY_EMULATOR_AVA', 'content-type': 'application/json' }
const VALID = {
  name: 'Mine',
  client_type: 'confidential',
  allowed_scopes: ['fax.read'],
  allowed_grant_types: ['authorization_code', 'refresh_token'],
  redirect_uris: ['http://localhost:5173/callback'],
}

interface V2 {
  readonly errors: readonly {
    readonly code: string
    readonly detail: string
    readonly source?: { readonly pointer?: string }
  }[]
}

async function create(url: string, change: Record<string, unknown>): Promise<{ status: number; body: V2 }> {
  const response = await fetch(`${url}/v2/oauth_clients`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ ...VALID, ...change }),
  })
  return { status: response.status, body: (await response.json()) as V2 }
}

describe('creating a client is refused', () => {
  test.each([
    ['a field that is unknown', { contacts: [] }, '/contacts'],
    ['an unknown field with a slash and a tilde', { 'a/~': [] }, '/a~1~0'],
    ['a name of the wrong type', { name: 7 }, '/name'],
    ['a client type that does not exist', { client_type: 'native' }, '/client_type'],
    ['a grant type that does not exist', { allowed_grant_types: ['password'] }, '/allowed_grant_types/0'],
    ['a scope that is not offered', { allowed_scopes: ['fax.read', 'admin'] }, '/allowed_scopes/1'],
    ['a redirect URI that is none', { redirect_uris: ['callback'] }, '/redirect_uris/0'],
    ['a redirect URI with a fragment', { redirect_uris: ['https://a.example/#x'] }, '/redirect_uris/0'],
    ['a redirect URI that is script', { redirect_uris: ['javascript:alert(1)'] }, '/redirect_uris/0'],
    ['a redirect URI of a scheme without a dot', { redirect_uris: ['myapp:/callback'] }, '/redirect_uris/0'],
    ['no redirect URI where one is needed', { redirect_uris: [] }, '/redirect_uris'],
    ['a missing field', { name: undefined }, '/name'],
  ])('for %s', async (_what, change, pointer) => {
    const { url } = await startEmulator()
    const { status, body } = await create(url, change)
    expect(status).toBe(422)
    expect(body.errors).toMatchObject([{ code: '10027', source: { pointer } }])
  })
})

describe('a client that the contract allows', () => {
  test('without any scope is told invalid_scope at sign-in, whatever it asks for', async () => {
    const { url, issuer } = await startEmulator()
    const { status, body } = await create(url, { allowed_scopes: [] })
    const { client_id: clientId } = (body as unknown as { data: { client_id: string } }).data
    expect(status).toBe(201)
    for (const scope of ['', 'fax.read']) {
      const { callbackUrl } = await authorizeInBrowser(issuer, { clientId, scope })
      expect(callbackUrl.searchParams.get('error')).toBe('invalid_scope')
    }
  })

  test.each([
    { clientId: 'bare', name: 'Bare', clientSecret: 's', scopes: [], grantTypes: ['client_credentials'] },
  ] as const)('without any scope has a token of its own that opens nothing: %j', async (client) => {
    const { url } = await startEmulator({ clients: [client] })
    const form = { client_id: 'bare', client_secret: 's', grant_type: 'client_credentials' }
    const token = (body: object) =>
      fetch(`${url}/v2/oauth/token`, { method: 'POST', body: new URLSearchParams({ ...body }) })
    const response = await token(form)
    const { access_token, scope } = (await response.json()) as Record<string, string>
    expect([response.status, scope]).toEqual([200, undefined])
    const balance = await fetch(`${url}/v2/balance`, { headers: { authorization: `Bearer ${access_token}` } })
    expect(balance.status).toBe(401)
    expect(await (await token({ ...form, scope: 'fax.read' })).json()).toMatchObject({
      error: 'invalid_scope',
    })
  })

  test.each([
    ['live', 'fax.read'],
    ['spec', 'admin'],
  ] as const)(
    'may be public with client_credentials, and gets no token by it: %s',
    async (profile, scope) => {
      const { url } = await startEmulator({ profile })
      const allowed = { allowed_scopes: [scope], allowed_grant_types: ['client_credentials'] }
      const { status, body } = await create(url, { client_type: 'public', redirect_uris: [], ...allowed })
      expect(status).toBe(201)
      const { client_id } = (body as unknown as { data: { client_id: string } }).data
      const form = new URLSearchParams({ client_id, grant_type: 'client_credentials' })
      const response = await fetch(`${url}/v2/oauth/token`, { method: 'POST', body: form })
      expect([response.status, await response.json()]).toMatchObject([400, { error: 'unauthorized_client' }])
    },
  )
})

describe('a created client', () => {
  test('shows its secret once and can be signed in to with it', async () => {
    const { url, clients } = await startEmulator()
    const { status, body } = await create(url, {})
    expect(status).toBe(201)
    const { client_id: id, client_secret: secret } = (body as unknown as { data: Record<string, string> })
      .data
    expect(secret).toMatch(/^[\w-]{43}$/)
    expect(id).toMatch(/^[\w-]{22}$/)
    expect(clients).toHaveLength(1)
    const again = await (await fetch(`${url}/v2/oauth_clients/${id}`, { headers })).json()
    expect(again).toMatchObject({ data: { client_secret: null } })
  })

  test('follows every change at once', async () => {
    const { url, issuer } = await startEmulator()
    const { body } = await create(url, { client_type: 'public' })
    const { client_id: clientId = '' } = (body as unknown as { data: Record<string, string> }).data
    const update = (change: unknown): Promise<Response> =>
      fetch(`${url}/v2/oauth_clients/${clientId}`, { method: 'PUT', headers, body: JSON.stringify(change) })
    await signInToEmulator(issuer, { clientId, scope: 'fax.read' })
    expect(
      (await update({ redirect_uris: ['http://localhost:5173/elsewhere'], allowed_scopes: ['ai.read'] }))
        .status,
    ).toBe(200)
    await expect(signInToEmulator(issuer, { clientId, scope: 'ai.read' })).rejects.toThrow('422')
    const redirectUri = 'http://localhost:5173/elsewhere'
    expect(await signInToEmulator(issuer, { clientId, scope: 'ai.read', redirectUri })).toMatchObject({
      scope: 'ai.read',
    })
    expect((await update({ redirect_uris: [] })).status).toBe(422)
    expect((await update({ client_type: 'confidential' })).status).toBe(422)
  })
})

describe('the list of clients', () => {
  const page = async (
    url: string,
    query: string,
  ): Promise<{ status: number; meta: unknown; count: number; first: string }> => {
    const response = await fetch(`${url}/v2/oauth_clients?${query}`, { headers })
    const { data = [], meta } = (await response.json()) as { data?: { client_id: string }[]; meta?: unknown }
    return { status: response.status, meta, count: data.length, first: data[0]?.client_id ?? '' }
  }

  test('comes in pages of 20, of at most 100, newest first', async () => {
    const { url } = await startEmulator({ seed: { clients: 250 }, clients: [] })
    expect(await page(url, '')).toMatchObject({
      count: 20,
      first: 'seed-client-000250',
      meta: { page_number: 1, page_size: 20, total_pages: 13, total_results: 250 },
    })
    expect(await page(url, 'page[size]=1000&page[number]=3')).toMatchObject({
      count: 50,
      meta: { page_size: 100, total_pages: 3 },
    })
    expect(await page(url, 'page[number]=99')).toMatchObject({
      status: 200,
      count: 0,
      meta: { page_number: 99 },
    })
  })

  test.each([
    'page[number]=0',
    'page[size]=-1',
    'page[size]=x',
    'filter[client_type]=native',
    'filter[verified]=maybe',
  ])('refuses %s', async (query) => {
    const { url } = await startEmulator()
    expect((await page(url, query)).status).toBe(400)
  })
})
