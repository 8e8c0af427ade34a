import { afterEach, describe, expect, test, vi } from 'vitest'
import { authorizeInBrowser, refreshAtEmulator, signInToEmulator } from '../../../support/emulator-sign-in.ts'
import { startEmulator } from '../../../support/start-emulator.ts'

const BACKEND = {
  clientId: 'backend',
  clientSecret: 'a secret: with/odd+characters',
  name: 'Backend',
  redirectUris: ['https://b.example/cb'],
}

afterEach(() => {
  vi.useRealTimers()
})

/** Moves the clock that the emulator reads. Timers go on as ever. */
function advance(seconds: number): void {
  if (!vi.isFakeTimers()) vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(Date.now() + seconds * 1000)
}

function balance(url: string, token: string): Promise<Response> {
  return fetch(`${url}/v2/balance`, { headers: { authorization: `Bearer ${token}` } })
}

function post(
  url: string,
  body: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${url}/v2/oauth/token`, { method: 'POST', headers, body: new URLSearchParams(body) })
}

const refused = { error: 'invalid_grant' }

describe('refresh tokens', () => {
  test('rotate, and using an old one again ends the whole family', async () => {
    const { issuer } = await startEmulator()
    const first = await signInToEmulator(issuer)
    const second = await refreshAtEmulator(issuer, first.refresh_token ?? '')
    expect(second.refresh_token).not.toBe(first.refresh_token)
    await expect(refreshAtEmulator(issuer, first.refresh_token ?? '')).rejects.toMatchObject(refused)
    await expect(refreshAtEmulator(issuer, second.refresh_token ?? '')).rejects.toMatchObject(refused)
  })

  test('work once more within the grace period, and end the family after it', async () => {
    const { issuer } = await startEmulator({ refreshGracePeriodSeconds: 30 })
    const { refresh_token: old = '' } = await signInToEmulator(issuer)
    await refreshAtEmulator(issuer, old)
    advance(29)
    const sibling = await refreshAtEmulator(issuer, old)
    advance(2)
    await expect(refreshAtEmulator(issuer, old)).rejects.toMatchObject(refused)
    await expect(refreshAtEmulator(issuer, sibling.refresh_token ?? '')).rejects.toMatchObject(refused)
  })

  test('stay as they are, and are not sent again, when rotation is off', async () => {
    const { issuer } = await startEmulator({ rotateRefreshTokens: false })
    const { refresh_token: kept = '' } = await signInToEmulator(issuer)
    for (let round = 0; round < 3; round += 1) {
      expect(await refreshAtEmulator(issuer, kept)).not.toHaveProperty('refresh_token')
    }
  })

  test('end after their lifetime', async () => {
    const { issuer } = await startEmulator({ refreshTokenLifetimeSeconds: 100 })
    const { refresh_token: token = '' } = await signInToEmulator(issuer)
    advance(101)
    await expect(refreshAtEmulator(issuer, token)).rejects.toMatchObject(refused)
  })

  test('buy a token with fewer scopes, never with more', async () => {
    const { issuer } = await startEmulator()
    const { refresh_token: token = '' } = await signInToEmulator(issuer, { scope: 'billing.read fax.read' })
    const narrow = await refreshAtEmulator(issuer, token, { params: { scope: 'fax.read' } })
    expect(narrow.scope).toBe('fax.read')
    const wider = refreshAtEmulator(issuer, narrow.refresh_token ?? '', { params: { scope: 'ai.read' } })
    await expect(wider).rejects.toMatchObject({ error: 'invalid_scope' })
  })

  test('buy a token for each resource that was granted, and only those', async () => {
    const { issuer, url } = await startEmulator()
    const mcp = `${issuer}/v2/mcp`
    const first = await signInToEmulator(issuer, { resource: [issuer, mcp] })
    const forMcp = await refreshAtEmulator(issuer, first.refresh_token ?? '', { params: { resource: mcp } })
    expect((await balance(url, forMcp.access_token)).status).toBe(401)
    const forApi = await refreshAtEmulator(issuer, forMcp.refresh_token ?? '', {
      params: { resource: issuer },
    })
    expect((await balance(url, forApi.access_token)).status).toBe(200)
    const foreign = refreshAtEmulator(issuer, forApi.refresh_token ?? '', {
      params: { resource: `${issuer}/v2` },
    })
    await expect(foreign).rejects.toMatchObject({ error: 'invalid_target' })
  })
})

describe('authorization codes', () => {
  test('are good once, for a minute, and with their verifier', async () => {
    const { issuer, url } = await startEmulator()
    const exchange = async (wait: number, change: Record<string, string> = {}): Promise<[number, number]> => {
      const { callbackUrl, codeVerifier, redirectUri, clientId } = await authorizeInBrowser(issuer)
      const code = callbackUrl.searchParams.get('code') ?? ''
      const form = {
        grant_type: 'authorization_code',
        client_id: clientId,
        code,
        redirect_uri: redirectUri,
        code_verifier: codeVerifier,
      }
      advance(wait)
      return [(await post(url, { ...form, ...change })).status, (await post(url, form)).status]
    }
    expect(await exchange(59)).toEqual([200, 400])
    expect(await exchange(61)).toEqual([400, 400])
    expect(await exchange(0, { code_verifier: 'x'.repeat(43) })).toEqual([400, 200])
  })
})

describe.each(['opaque', 'jwt'] as const)('access tokens, %s', (accessTokenFormat) => {
  test('open the balance until they expire', async () => {
    const { issuer, url } = await startEmulator({ accessTokenFormat, accessTokenLifetimeSeconds: 60 })
    const { access_token: token, expires_in } = await signInToEmulator(issuer)
    expect(expires_in).toBe(60)
    expect((await balance(url, token)).status).toBe(200)
    advance(61)
    expect((await balance(url, token)).status).toBe(401)
  })

  test('with a lifetime of 0 are refused at once, and the refresh token lives on', async () => {
    const { issuer, url } = await startEmulator({ accessTokenFormat, accessTokenLifetimeSeconds: 0 })
    const signedIn = await signInToEmulator(issuer)
    const refreshed = await refreshAtEmulator(issuer, signedIn.refresh_token ?? '')
    for (const { access_token: token, expires_in } of [signedIn, refreshed]) {
      expect(expires_in).toBe(0)
      expect((await balance(url, token)).status).toBe(401)
    }
  })

  test('end when told to, and the refresh token lives on', async () => {
    const emulator = await startEmulator({ accessTokenFormat })
    const first = await signInToEmulator(emulator.issuer)
    expect(emulator.expireAccessTokens({ clientId: 'another' })).toBe(0)
    expect(emulator.expireAccessTokens()).toBe(1)
    expect((await balance(emulator.url, first.access_token)).status).toBe(401)
    const second = await refreshAtEmulator(emulator.issuer, first.refresh_token ?? '')
    expect((await balance(emulator.url, second.access_token)).status).toBe(200)
  })

  test.each([
    [true, 401],
    [false, 200],
  ])('end with their grant: %s', async (revokeAccessTokensWithGrant, status) => {
    const emulator = await startEmulator({ accessTokenFormat, revokeAccessTokensWithGrant })
    const tokens = await signInToEmulator(emulator.issuer)
    expect(emulator.revokeGrant(emulator.grants[0]?.id ?? '')).toBe(true)
    expect(emulator.revokeGrant('no such grant')).toBe(false)
    expect((await balance(emulator.url, tokens.access_token)).status).toBe(status)
    await expect(refreshAtEmulator(emulator.issuer, tokens.refresh_token ?? '')).rejects.toMatchObject(
      refused,
    )
  })
})

describe('client authentication', () => {
  test.each(['form', 'json'])('by body or by HTTP Basic, as %s', async (format) => {
    const { url } = await startEmulator({ clients: [BACKEND] })
    const send = (body: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> =>
      format === 'form'
        ? post(url, body, headers)
        : fetch(`${url}/v2/oauth/token`, {
            method: 'POST',
            headers: { ...headers, 'content-type': 'application/json' },
            body: JSON.stringify(body),
          })
    const grant = { grant_type: 'client_credentials', scope: 'ai.read' }
    const pair = `${encodeURIComponent(BACKEND.clientId)}:${encodeURIComponent(BACKEND.clientSecret)}`
    const basic = { authorization: `Basic ${btoa(pair)}` }
    expect(
      (await send({ ...grant, client_id: BACKEND.clientId, client_secret: BACKEND.clientSecret })).status,
    ).toBe(200)
    expect((await send(grant, basic)).status).toBe(200)
    expect((await send({ ...grant, client_id: BACKEND.clientId, client_secret: 'wrong' })).status).toBe(401)
    expect((await send({ ...grant, client_id: BACKEND.clientId })).status).toBe(401)
    expect((await send({ ...grant, client_secret: BACKEND.clientSecret }, basic)).status).toBe(400)
  })

  test('a public client cannot have a token of its own', async () => {
    const { url } = await startEmulator()
    const response = await post(url, { grant_type: 'client_credentials', client_id: 'telnyx-demo' })
    expect([response.status, await response.json()]).toMatchObject([400, { error: 'unauthorized_client' }])
  })

  test.each(['authorization_code', 'refresh_token', 'client_credentials'] as const)(
    'a client without the grant %s is refused with unauthorized_client',
    async (grant) => {
      const grantTypes = (['authorization_code', 'refresh_token', 'client_credentials'] as const).filter(
        (other) => other !== grant,
      )
      const { url } = await startEmulator({ clients: [{ ...BACKEND, grantTypes }] })
      const credentials = { client_id: BACKEND.clientId, client_secret: BACKEND.clientSecret }
      const uses = { code: 'x', refresh_token: 'x', redirect_uri: BACKEND.redirectUris[0] ?? '' }
      const response = await post(url, { grant_type: grant, ...credentials, ...uses })
      expect([response.status, await response.json()]).toMatchObject([400, { error: 'unauthorized_client' }])
    },
  )
})

test('a token request without a client is refused with 401 invalid_client', async () => {
  const { url } = await startEmulator()
  const body = new URLSearchParams({ grant_type: 'authorization_code', code: 'x' })
  const response = await fetch(`${url}/v2/oauth/token`, { method: 'POST', body })
  expect([response.status, await response.json()]).toMatchObject([401, { error: 'invalid_client' }])
})

test('the MCP server of Telnyx may be named by its real address', async () => {
  const { url, issuer } = await startEmulator()
  const { access_token: token } = await signInToEmulator(issuer, {
    resource: 'https://api.telnyx.com/v2/mcp',
  })
  const headers = { authorization: `Bearer ${token}` }
  expect((await fetch(`${url}/v2/mcp`, { method: 'POST', headers })).status).toBe(200)
  expect((await fetch(`${url}/v2/balance`, { headers })).status).toBe(401)
})

describe('a token request that is refused for its resource or scope', () => {
  const other = 'https://elsewhere.example/'

  test.each([
    [{ resource: other }, 'invalid_target'],
    [{ scope: 'fax.read' }, 'invalid_scope'],
  ])('leaves the refresh token as it was: %j', async (params, error) => {
    const { issuer } = await startEmulator()
    const { refresh_token: token = '' } = await signInToEmulator(issuer)
    for (const _ of [1, 2])
      await expect(refreshAtEmulator(issuer, token, { params })).rejects.toMatchObject({ error })
    await expect(refreshAtEmulator(issuer, token)).resolves.toHaveProperty('access_token')
    await expect(refreshAtEmulator(issuer, token)).rejects.toMatchObject({ error: 'invalid_grant' })
  })

  test('leaves the code as it was', async () => {
    const { issuer, url } = await startEmulator()
    const { callbackUrl, codeVerifier, redirectUri, clientId } = await authorizeInBrowser(issuer)
    const exchange = async (params = {}): Promise<unknown> => {
      const body = new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: clientId,
        redirect_uri: redirectUri,
        code: callbackUrl.searchParams.get('code') ?? '',
        code_verifier: codeVerifier,
        ...params,
      })
      return (await fetch(`${url}/v2/oauth/token`, { method: 'POST', body })).json()
    }
    expect(await exchange({ resource: other })).toMatchObject({ error: 'invalid_target' })
    expect(await exchange()).toHaveProperty('access_token')
    expect(await exchange()).toMatchObject({ error: 'invalid_grant' })
  })
})
