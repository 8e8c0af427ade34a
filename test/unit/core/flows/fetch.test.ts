import { createTelnyxApi, getOAuthGrant } from '@telnyx-oauth/api'
import { describe, expect, test } from 'vitest'
import { createDeferred } from '../../../support/deferred.ts'
import { json } from '../../../support/model-server.ts'
import { createScene, lifetimeMs, refreshTokensSent, type Scene } from '../../../support/scene.ts'
import { settle } from '../../../support/simulated-clock.ts'

const api = 'https://api.telnyx.com/v2/phone_numbers'

/** What reached the API: everything but the server's own endpoints. */
const apiCalls = ({ server }: Scene) => server.requests.filter(({ path }) => path === '/v2/phone_numbers')

const unauthorized =
  (challenge: string = 'Bearer error="invalid_token"') =>
  () =>
    json({ errors: [] }, 401, { 'www-authenticate': challenge })

/** A scene, signed in, in which nothing but the sign-in was sent. */
async function signedIn(...given: Parameters<Scene['signIn']>) {
  const scene = createScene()
  const tab = await scene.signIn(...given)
  return { scene, tab, auth: tab.auth, sent: scene.server.requests.length }
}

describe('a request to an allowed resource', () => {
  test('carries the token, and all else as the caller wrote it', async () => {
    const { scene, auth } = await signedIn()
    const response = await auth.fetch(api, { method: 'POST', headers: { 'x-mine': '1' }, body: 'a=b' })
    expect(response.status).toBe(200)
    expect(apiCalls(scene)).toMatchObject([{ method: 'POST', authorization: 'Bearer access-2' }])
    expect(Object.fromEntries(apiCalls(scene)[0]?.parameters ?? [])).toEqual({ a: 'b' })
  })

  test.each([
    ['a text', api],
    ['a URL', new URL(api)],
    ['a Request', new Request(api)],
  ])('may be given as %s', async (_title, input) => {
    const { scene, auth } = await signedIn()
    expect((await auth.fetch(input)).status).toBe(200)
    expect(apiCalls(scene)).toMatchObject([{ authorization: 'Bearer access-2' }])
  })

  test('may be a path of this page where its origin is allowed', async () => {
    const { scene, auth } = await signedIn({ allowedUrls: ['http://localhost:5173/v2'] })
    await auth.fetch('/v2/phone_numbers')
    expect(apiCalls(scene)).toMatchObject([{ authorization: 'Bearer access-2' }])
  })

  test('waits for ready() and refreshes a token that has expired', async () => {
    const { scene, tab } = await signedIn()
    scene.clock.jump(lifetimeMs)
    const { auth } = scene.reload(tab)
    await auth.fetch(api)
    expect(apiCalls(scene)).toMatchObject([{ authorization: 'Bearer access-3' }])
  })

  test('asks the browser not to follow redirects', async () => {
    const inits: (RequestInit | undefined)[] = []
    const scene = createScene()
    const fetch: typeof globalThis.fetch = (input, init) => {
      inits.push(init)
      return scene.server.fetch(input, init)
    }
    const { auth } = await scene.signIn({ fetch })
    await auth.fetch(new Request(api, { redirect: 'follow' }))
    expect(inits.at(-1)?.redirect).toBe('manual')
  })
})

describe('nothing is sent', () => {
  test.each([
    'https://evil.example/v2/phone_numbers',
    'https://api.telnyx.com.evil.example/',
    'https://api.telnyx.com@evil.example/',
    'https://user:pw@api.telnyx.com/v2',
    'http://api.telnyx.com/v2',
    'https://api.telnyx.com:8443/v2',
    '//evil.example/v2',
    '/v2/phone_numbers',
    'data:text/plain,x',
    'blob:https://api.telnyx.com/1',
    'https://',
  ])('to %s: resource_not_allowed', async (url) => {
    const { scene, auth, sent } = await signedIn()
    await expect(auth.fetch(url)).rejects.toMatchObject({ code: 'resource_not_allowed', phase: 'fetch' })
    expect(scene.server.requests).toHaveLength(sent)
  })

  test('to the Telnyx API where the client names another issuer, whose own URLs are allowed', async () => {
    const issuer = 'http://localhost:4010'
    const { auth } = createScene().open(undefined, { issuer })
    await expect(auth.fetch(`${issuer}/v2/phone_numbers`)).rejects.toMatchObject({ code: 'signed_out' })
    await expect(auth.fetch(api)).rejects.toMatchObject({ code: 'resource_not_allowed' })
  })

  test('outside the path of an entry: segments count, not letters', async () => {
    const { scene, auth, sent } = await signedIn({ allowedUrls: ['https://api.telnyx.com/v2'] })
    for (const url of [
      'https://api.telnyx.com/v2evil',
      'https://api.telnyx.com/v2/../v1',
      'https://api.telnyx.com/v2/..%2fadmin',
      'https://api.telnyx.com/v2/..%5cadmin',
      'https://api.telnyx.com/v2/..;/admin',
      'https://api.telnyx.com/',
    ]) {
      await expect(auth.fetch(url)).rejects.toMatchObject({ code: 'resource_not_allowed' })
    }
    expect(scene.server.requests).toHaveLength(sent)
  })

  test('and the error names the origin, not the path or query', async () => {
    const { auth } = await signedIn()
    const error: unknown = await auth
      .fetch('https://evil.example/a?key=hidden')
      .catch((reason: unknown) => reason)
    expect(String(error)).toContain('https://evil.example')
    expect(String(error)).not.toMatch(/hidden|\/a/)
  })

  test.each([
    ['an Authorization header of its own', api, { headers: { Authorization: 'Basic x' } }],
    ['one in a Request', new Request(api, { headers: { authorization: 'Basic x' } }), {}],
    ["mode: 'no-cors'", api, { mode: 'no-cors' as const }],
    ["mode: 'no-cors' in a Request", new Request(api, { mode: 'no-cors' }), {}],
  ])('with %s: request_not_allowed', async (_title, input, init) => {
    const { scene, auth, sent } = await signedIn()
    await expect(auth.fetch(input, init)).rejects.toMatchObject({
      code: 'request_not_allowed',
      phase: 'fetch',
    })
    expect(scene.server.requests).toHaveLength(sent)
  })

  test('while nobody is signed in: signed_out', async () => {
    const scene = createScene()
    await expect(scene.open().auth.fetch(api)).rejects.toMatchObject({ code: 'signed_out' })
    expect(scene.server.requests).toEqual([])
  })

  test('after the signal was aborted', async () => {
    const { scene, auth, sent } = await signedIn()
    await expect(auth.fetch(api, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    })
    const request = new Request(api, { signal: AbortSignal.abort() })
    await expect(auth.fetch(request)).rejects.toMatchObject({ name: 'AbortError' })
    expect(scene.server.requests).toHaveLength(sent)
  })
})

describe('a redirect', () => {
  test.each([301, 302, 303, 307, 308])(
    'with %i is unexpected_redirect, and is not followed',
    async (status) => {
      const { scene, auth } = await signedIn()
      scene.server.script(
        '/v2/phone_numbers',
        () => new Response(null, { status, headers: { location: '/v1' } }),
      )
      await expect(auth.fetch(api)).rejects.toMatchObject({ code: 'unexpected_redirect', phase: 'fetch' })
      expect(apiCalls(scene)).toHaveLength(1)
    },
  )

  test('that a browser makes opaque is one as well', async () => {
    const { scene, auth } = await signedIn()
    const opaque = Object.defineProperty(new Response(null), 'type', { value: 'opaqueredirect' })
    scene.server.script('/v2/phone_numbers', () => opaque)
    await expect(auth.fetch(api)).rejects.toMatchObject({ code: 'unexpected_redirect' })
  })

  test('is never followed, whatever the caller says: request_not_allowed', async () => {
    const { scene, auth, sent } = await signedIn()
    await expect(auth.fetch(api, { redirect: 'follow' })).rejects.toMatchObject({
      code: 'request_not_allowed',
    })
    expect(scene.server.requests).toHaveLength(sent)
  })

  test.each([300, 304])('is not what %i says: the response is returned', async (status) => {
    const { scene, auth } = await signedIn()
    scene.server.script('/v2/phone_numbers', () => new Response(null, { status }))
    expect((await auth.fetch(api)).status).toBe(status)
  })
})

describe('an answer of 401', () => {
  test('costs one refresh and one more try', async () => {
    const { scene, auth } = await signedIn()
    scene.server.script('/v2/phone_numbers', unauthorized())
    expect((await auth.fetch(api, { method: 'POST', body: 'x=1' })).status).toBe(200)
    expect(apiCalls(scene)).toMatchObject([
      { method: 'POST', authorization: 'Bearer access-2' },
      { method: 'POST', authorization: 'Bearer access-3' },
    ])
    expect(apiCalls(scene).map(({ parameters }) => parameters.get('x'))).toEqual(['1', '1'])
    expect(refreshTokensSent(scene)).toHaveLength(1)
  })

  test('to an operation of the REST client that has this fetch costs one refresh, and the operation resolves', async () => {
    const { scene, auth } = await signedIn()
    scene.server.script('/v2/oauth_grants/g1', unauthorized(), () => json({ data: { id: 'g1' } }))
    expect(await getOAuthGrant(createTelnyxApi({ fetch: auth.fetch }), 'g1')).toEqual({ id: 'g1' })
    expect(refreshTokensSent(scene)).toHaveLength(1)
  })

  test('for N requests at once costs one refresh', async () => {
    const { scene, auth } = await signedIn()
    scene.server.script('/v2/phone_numbers', ...Array(20).fill(unauthorized()))
    const responses = await Promise.all(Array.from({ length: 20 }, () => auth.fetch(api)))
    expect(responses.map(({ status }) => status)).toEqual(Array(20).fill(200))
    expect(refreshTokensSent(scene)).toHaveLength(1)
  })

  test('that comes after the token was renewed is tried again with the newer one, without a refresh', async () => {
    const { scene, auth } = await signedIn()
    const held = createDeferred()
    scene.server.script('/v2/phone_numbers', () => held.promise.then(unauthorized()))
    const response = auth.fetch(api)
    await settle()
    await auth.refresh()
    held.resolve()
    expect((await response).status).toBe(200)
    expect(refreshTokensSent(scene)).toHaveLength(1)
  })

  test('that outlasts the refresh is returned as it is', async () => {
    const { scene, auth } = await signedIn()
    scene.server.script('/v2/phone_numbers', ...Array(2).fill(unauthorized()))
    const response = await auth.fetch(api)
    expect([response.status, await response.json()]).toEqual([401, { errors: [] }])
    expect(apiCalls(scene)).toHaveLength(2)
  })

  test('of a forbidden endpoint, polled, rotates the refresh token once', async () => {
    const { scene, auth } = await signedIn()
    scene.server.script('/v2/phone_numbers', ...Array(100).fill(unauthorized()))
    for (let n = 0; n < 10; n++) expect((await auth.fetch(api)).status).toBe(401)
    expect(refreshTokensSent(scene)).toHaveLength(1)
  })

  test('of a forbidden endpoint, polled by two tabs, rotates the refresh token once', async () => {
    const { scene, auth } = await signedIn()
    const other = scene.open()
    await other.auth.ready()
    scene.server.script('/v2/phone_numbers', ...Array(100).fill(unauthorized()))
    for (let n = 0; n < 5; n++) {
      for (const tab of [auth, other.auth]) {
        expect((await tab.fetch(api)).status).toBe(401)
        await settle()
      }
    }
    expect(refreshTokensSent(scene)).toHaveLength(1)
  })

  test('is answered with a refresh again after a minute', async () => {
    const { scene, auth } = await signedIn()
    scene.server.script('/v2/phone_numbers', ...Array(2).fill(unauthorized()))
    await auth.fetch(api)
    scene.clock.jump(60_000)
    scene.server.script('/v2/phone_numbers', unauthorized())
    expect((await auth.fetch(api)).status).toBe(200)
    expect(refreshTokensSent(scene)).toHaveLength(2)
  })

  test.each([
    ['a stream', { method: 'POST', body: new Blob(['x']).stream(), duplex: 'half' } as RequestInit, api],
    ['the body of a Request', undefined, new Request(api, { method: 'POST', body: 'x' })],
  ])('to %s is returned as it is: it cannot be sent twice', async (_title, init, input) => {
    const { scene, auth } = await signedIn()
    scene.server.script('/v2/phone_numbers', unauthorized())
    expect((await auth.fetch(input, init)).status).toBe(401)
    expect(apiCalls(scene)).toHaveLength(1)
    expect(refreshTokensSent(scene)).toHaveLength(0)
  })

  test('without a refresh token is returned as it is', async () => {
    const scene = createScene({ withoutRefreshToken: true })
    const { auth } = await scene.signIn()
    scene.server.script('/v2/phone_numbers', unauthorized())
    expect((await auth.fetch(api)).status).toBe(401)
    expect(auth.getSnapshot().status).toBe('signed-in')
  })

  test('is returned as it is while the token endpoint is down', async () => {
    const { scene, auth } = await signedIn()
    scene.server.script('/v2/phone_numbers', unauthorized())
    scene.server.script('/v2/oauth/token', () => json({ error: 'invalid_client' }, 401))
    expect((await auth.fetch(api)).status).toBe(401)
    expect(auth.getSnapshot()).toMatchObject({ status: 'signed-in', isStale: true })
  })

  test('is told as the end of the session when its refresh token is refused', async () => {
    const { scene, auth } = await signedIn()
    scene.server.revokeAll()
    await expect(auth.fetch(api)).rejects.toMatchObject({ code: 'invalid_grant' })
    expect(auth.getSnapshot().status).toBe('signed-out')
  })

  test('to a caller who gave up meanwhile is an abort', async () => {
    const { scene, auth } = await signedIn()
    const stop = new AbortController()
    scene.server.script('/v2/phone_numbers', unauthorized())
    scene.server.script('/v2/oauth/token', () => new Promise(() => {}))
    const response = auth.fetch(api, { signal: stop.signal })
    response.catch(() => {})
    await settle()
    stop.abort()
    await expect(response).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('is never tried again with the token of another session', async () => {
    const { scene, tab, auth } = await signedIn()
    const held = createDeferred()
    scene.server.script('/v2/phone_numbers', () => held.promise.then(unauthorized()))
    const response = auth.fetch(api)
    response.catch(() => {})
    await settle()
    await scene.signIn()
    await settle()
    held.resolve()
    await expect(response).rejects.toMatchObject({ code: 'session_replaced' })
    expect(apiCalls(scene).map(({ authorization }) => authorization)).toEqual(['Bearer access-2'])
    expect(tab.auth.getSnapshot().status).toBe('signed-in')
  })
})

describe('other answers', () => {
  test.each([200, 204, 400, 403, 404, 429, 500, 503])('%i is returned as it is', async (status) => {
    const { scene, auth } = await signedIn()
    scene.server.script('/v2/phone_numbers', () => new Response(null, { status }))
    expect((await auth.fetch(api)).status).toBe(status)
    expect(apiCalls(scene)).toHaveLength(1)
    expect(refreshTokensSent(scene)).toHaveLength(0)
  })

  test('a request that fails rejects as fetch does', async () => {
    const { scene, auth } = await signedIn()
    const failure = new TypeError('Failed to fetch')
    scene.server.script('/v2/phone_numbers', () => Promise.reject(failure))
    await expect(auth.fetch(api)).rejects.toBe(failure)
  })
})
