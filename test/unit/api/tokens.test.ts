import {
  type ClientAuthentication,
  createTelnyxApi,
  exchangeAuthorizationCode,
  introspectToken,
  requestClientCredentialsToken,
} from '@telnyx-oauth/api'
import { describe, expect, it } from 'vitest'
import { createWire, type SentRequest } from './support/scripted-fetch.ts'

const TOKEN = { access_token: 'a', token_type: 'Bearer', expires_in: 1800, active: true }

async function sentFor(client: ClientAuthentication): Promise<SentRequest | undefined> {
  const { fetch, requests } = createWire({ status: 200, body: TOKEN })
  await requestClientCredentialsToken(createTelnyxApi({ apiKey: 'KEY', fetch }), client, { scope: 'a b' })
  return requests[0]
}

const credentials = (request: SentRequest | undefined): string =>
  atob(request?.headers.get('authorization')?.replace('Basic ', '') ?? '')

describe('client authentication', () => {
  it('with a secret is HTTP Basic, and the body has neither id nor secret', async () => {
    const request = await sentFor({ client_id: 'service', client_secret: 'secret' })
    expect(credentials(request)).toBe('service:secret')
    expect(request?.body).toBe('scope=a+b&grant_type=client_credentials')
  })

  it('form-urlencodes id and secret before HTTP Basic (RFC 6749 section 2.3.1)', async () => {
    const request = await sentFor({ client_id: 'a:b=c', client_secret: 'ü %+&=/:' })
    expect(credentials(request)).toBe('a%3Ab%3Dc:%C3%BC+%25%2B%26%3D%2F%3A')
    expect(credentials(request).split(':').map(formDecode)).toEqual(['a:b=c', 'ü %+&=/:'])
  })

  it('by client_secret_post puts both into the body', async () => {
    const request = await sentFor({
      client_id: 'service',
      client_secret: 'secret',
      token_endpoint_auth_method: 'client_secret_post',
    })
    expect(request?.headers.has('authorization')).toBe(false)
    expect(request?.body).toBe(
      'scope=a+b&grant_type=client_credentials&client_id=service&client_secret=secret',
    )
  })

  it('of a public client is its id in the body', async () => {
    const request = await sentFor({ client_id: 'app' })
    expect(request?.headers.has('authorization')).toBe(false)
    expect(request?.body).toBe('scope=a+b&grant_type=client_credentials&client_id=app')
  })

  it('by none never sends a secret', async () => {
    const request = await sentFor({
      client_id: 'app',
      client_secret: 'secret',
      token_endpoint_auth_method: 'none',
    })
    expect(JSON.stringify([request?.body, [...(request?.headers ?? [])]])).not.toContain('secret')
  })

  it('takes a client as it was created, with its secret null', async () => {
    const request = await sentFor({ client_id: 'app', client_secret: null })
    expect(request?.body).toContain('client_id=app')
  })

  it('of an introspection is that of a token request', async () => {
    const { fetch, requests } = createWire({ status: 200, body: TOKEN })
    await introspectToken(createTelnyxApi({ fetch }), { client_id: 'service', client_secret: 'secret' }, 't')
    expect(credentials(requests[0])).toBe('service:secret')
    expect(requests[0]?.body).toBe('token=t')
  })

  it('of an introspection never comes with the API key', async () => {
    const { fetch, requests } = createWire({ status: 200, body: TOKEN })
    const client = {
      client_id: 'service',
      client_secret: 'secret',
      token_endpoint_auth_method: 'client_secret_post',
    }
    await introspectToken(createTelnyxApi({ apiKey: 'KEY', fetch }), client, 't')
    expect(requests[0]?.headers.has('authorization')).toBe(false)
  })
})

describe('a token request', () => {
  it('of a public client stays CORS-simple: a form and no header that needs a preflight', async () => {
    const request = await sentFor({ client_id: 'app' })
    expect([...(request?.headers.keys() ?? [])]).toEqual(['accept', 'content-type'])
    expect(request?.headers.get('content-type')).toMatch(/^application\/x-www-form-urlencoded/)
  })

  it('never carries the API key', async () => {
    const request = await sentFor({ client_id: 'app' })
    expect(JSON.stringify([...(request?.headers ?? [])])).not.toContain('KEY')
  })

  it('has the grant type of its function, whatever the input says', async () => {
    const { fetch, requests } = createWire({ status: 200, body: TOKEN })
    const input = { code: 'c', grant_type: 'password' }
    await exchangeAuthorizationCode(createTelnyxApi({ fetch }), { client_id: 'app' }, input)
    expect(new URLSearchParams(requests[0]?.body).getAll('grant_type')).toEqual(['authorization_code'])
  })
})

function formDecode(text: string): string | undefined {
  return new URLSearchParams(`value=${text}`).get('value') ?? undefined
}
