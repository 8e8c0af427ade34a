import { describe, expect, test } from 'vitest'
import { json, type Script } from '../../../support/model-server.ts'
import { createScene, type Scene, type SceneTab } from '../../../support/scene.ts'
import { settle } from '../../../support/simulated-clock.ts'

const wellKnown = '/.well-known/oauth-authorization-server'
const cacheKey = 'metadata https://api.telnyx.com'
const hourMs = 3_600_000

const asked = ({ server }: Scene): number => server.requests.filter(({ path }) => path === wellKnown).length

const down: Script = () => new Response('', { status: 503 })

/** How `signIn` fails. */
const failure = ({ auth }: SceneTab): Promise<unknown> =>
  auth.signIn().then(
    () => 'none',
    (error: unknown) => error,
  )

/** A scene whose server answers the next request for metadata like that. */
function sceneWith(...scripts: Script[]) {
  const scene = createScene()
  scene.server.script(wellKnown, ...scripts)
  return { scene, tab: scene.open() }
}

describe('the metadata of the server', () => {
  test('is asked for at the first sign-in, not before', async () => {
    const scene = createScene()
    const tab = scene.open()
    await tab.auth.ready()
    expect(asked(scene)).toBe(0)
    await scene.leave(tab)
    expect(asked(scene)).toBe(1)
  })

  test('is one request for any number of sign-ins at once', async () => {
    const scene = createScene()
    const { auth } = scene.open()
    await Promise.all([auth.signIn(), auth.signIn(), auth.signIn()])
    expect(asked(scene)).toBe(1)
  })

  test('is kept in storage for an hour, for all tabs and reloads', async () => {
    const scene = createScene()
    await scene.leave(scene.open())
    scene.clock.jump(hourMs - 1)
    await scene.leave(scene.open())
    expect(asked(scene)).toBe(1)
    scene.clock.jump(1)
    await scene.leave(scene.open())
    expect(asked(scene)).toBe(2)
  })

  test('is kept for as long as the app says', async () => {
    const scene = createScene()
    const options = { metadataLifetimeMs: 60_000 }
    await scene.leave(scene.open(undefined, options))
    scene.clock.jump(60_000)
    await scene.leave(scene.open(undefined, options))
    expect(asked(scene)).toBe(2)
  })

  test('is asked for again when the clock was set back by more than its lifetime', async () => {
    const scene = createScene()
    await scene.leave(scene.open())
    scene.clock.jump(-hourMs)
    await scene.leave(scene.open())
    expect(asked(scene)).toBe(2)
  })

  test.each([
    ['unreachable', () => Promise.reject(new TypeError('Failed to fetch'))],
    ['broken', down],
    ['gone', () => new Response('', { status: 404 })],
    ['behind a captive portal', () => new Response('<html>', { headers: { 'content-type': 'text/html' } })],
  ])('is served from an old copy while the server is %s', async (_title, script) => {
    const scene = createScene()
    await scene.leave(scene.open())
    scene.clock.jump(23 * hourMs)
    scene.server.script(wellKnown, script)
    expect(await scene.leave(scene.open())).toContain('/v2/oauth/authorize?')
    expect(asked(scene)).toBe(2)
  })

  test('is served from an old copy when the server does not answer within half of requestTimeoutMs', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    scene.clock.jump(23 * hourMs)
    scene.server.script(wellKnown, () => new Promise(() => {}))
    const token = tab.auth.getAccessToken()
    await scene.clock.advance(5000)
    expect(await token).toBe('access-3')
  })

  test('is no longer asked for once it took longer than half of requestTimeoutMs', async () => {
    const scene = createScene()
    const signals: (AbortSignal | null | undefined)[] = []
    const fetch: typeof globalThis.fetch = (_input, init) => {
      signals.push(init?.signal)
      return new Promise(() => {})
    }
    const left = scene.open(undefined, { fetch }).auth.signIn()
    left.catch(() => {})
    await settle()
    expect(signals).toMatchObject([{ aborted: false }])
    await scene.clock.advance(60_000)
    await expect(left).rejects.toMatchObject({ code: 'metadata_unavailable' })
    expect(signals).toMatchObject([{ aborted: true }])
  })

  test('is not served from a copy that is older than a day', async () => {
    const scene = createScene()
    await scene.leave(scene.open())
    scene.clock.jump(25 * hourMs)
    scene.server.script(wellKnown, down)
    expect(await failure(scene.open())).toMatchObject({ code: 'metadata_unavailable' })
  })

  test('is asked for anew after every failure: none is remembered', async () => {
    const { scene, tab } = sceneWith(down, down)
    expect(await failure(tab)).toMatchObject({ code: 'metadata_unavailable', retryable: true })
    expect(await failure(tab)).toMatchObject({ code: 'metadata_unavailable' })
    expect(await failure(tab)).toBe('none')
    expect(asked(scene)).toBe(3)
  })

  test('can be used though it cannot be stored', async () => {
    const scene = createScene()
    const tab = scene.open()
    await tab.auth.ready()
    tab.storage.before((operation, key) => {
      if (operation === 'update' && key === cacheKey) throw new Error('full')
    })
    expect(await failure(tab)).toBe('none')
  })

  test.each([
    ['garbage', 'text'],
    ['a document without a time', { document: { issuer: 'https://api.telnyx.com' } }],
    ['a document of another issuer', { document: { issuer: 'https://evil.example' }, fetchedAtMs: 'now' }],
    [
      'endpoints on plain http',
      { document: { token_endpoint: 'http://evil.example/token' }, fetchedAtMs: 'now' },
    ],
    ['no endpoints', { document: {}, fetchedAtMs: 'now' }],
  ])('is asked for when the store has %s', async (_title, stored) => {
    const scene = createScene()
    const { issuer } = scene.server
    const whole =
      typeof stored === 'string'
        ? stored
        : {
            document: {
              issuer,
              ...(Object.keys(stored.document).length > 0 && {
                authorization_endpoint: `${issuer}/authorize`,
                token_endpoint: `${issuer}/token`,
              }),
              ...stored.document,
            },
            ...('fetchedAtMs' in stored && { fetchedAtMs: scene.clock.now() }),
          }
    scene.records.set(cacheKey, whole)
    expect(await scene.leave(scene.open())).toContain(`${issuer}/v2/oauth/authorize?`)
    expect(asked(scene)).toBe(1)
  })
})

describe('metadata that is refused', () => {
  const documentOf = (part: object) => () =>
    json({
      issuer: 'https://api.telnyx.com',
      authorization_endpoint: 'https://api.telnyx.com/authorize',
      token_endpoint: 'https://api.telnyx.com/token',
      code_challenge_methods_supported: ['S256'],
      ...part,
    })

  test.each([
    ['another issuer', documentOf({ issuer: 'https://evil.example' }), ''],
    ['no issuer', documentOf({ issuer: undefined }), ''],
    ['an issuer with a slash more', documentOf({ issuer: 'https://api.telnyx.com/' }), ''],
    [
      'no authorization endpoint',
      documentOf({ authorization_endpoint: undefined }),
      'authorization_endpoint',
    ],
    ['no token endpoint', documentOf({ token_endpoint: undefined }), 'token_endpoint'],
    [
      'a token endpoint on plain http',
      documentOf({ token_endpoint: 'http://api.telnyx.com/token' }),
      'token_endpoint',
    ],
    [
      'a script as endpoint',
      documentOf({ authorization_endpoint: 'javascript:alert(1)' }),
      'authorization_endpoint',
    ],
    ['a revocation endpoint that is no URL', documentOf({ revocation_endpoint: 7 }), 'revocation_endpoint'],
    ['HTML', () => new Response('<html>', { headers: { 'content-type': 'text/html' } }), ''],
    [
      'truncated JSON',
      () => new Response('{"issuer', { headers: { 'content-type': 'application/json' } }),
      '',
    ],
    ['a list', () => json([]), ''],
    ['404', () => new Response('', { status: 404 }), ''],
    [
      'a redirect',
      () => new Response(null, { status: 302, headers: { location: 'https://evil.example' } }),
      '',
    ],
  ])('because of %s is metadata_invalid, and nothing else is sent', async (_title, script, member) => {
    const { scene, tab } = sceneWith(script)
    const error = await failure(tab)
    expect(error).toMatchObject({ code: 'metadata_invalid', phase: 'discovery', retryable: false })
    expect(String(error)).toContain(member)
    expect(scene.server.requests).toHaveLength(1)
    expect(tab.page.href()).toBe('http://localhost:5173/')
    expect([...scene.records.keys()]).toEqual([])
  })

  test.each([undefined, [], ['plain'], 's256', 'plain S256', 256, null])(
    'because its PKCE methods are %j is pkce_unsupported',
    async (methods) => {
      const { scene, tab } = sceneWith(documentOf({ code_challenge_methods_supported: methods }))
      expect(await failure(tab)).toMatchObject({ code: 'pkce_unsupported', retryable: false })
      expect(tab.page.href()).toBe('http://localhost:5173/')
      expect([...scene.records.keys()].filter((key) => key.includes('transactions'))).toEqual([])
      // Its operator mends that: the next click is enough, in this tab or another.
      expect(await failure(tab)).toBe('none')
      expect(asked(scene)).toBe(2)
    },
  )

  test('because nobody can be asked is metadata_unavailable', async () => {
    const { tab } = sceneWith(() => Promise.reject(new TypeError('Failed to fetch')))
    expect(await failure(tab)).toMatchObject({
      code: 'metadata_unavailable',
      phase: 'discovery',
      retryable: true,
    })
  })

  test('because the server is busy tells how long to wait', async () => {
    const { tab } = sceneWith(() => json({}, 429, { 'retry-after': '7' }))
    expect(await failure(tab)).toMatchObject({ code: 'metadata_unavailable', retryAfterMs: 7000 })
  })
})

describe('overrides', () => {
  const proxy = 'http://localhost:5173/token'

  test('replace what the server says, and only that', async () => {
    const scene = createScene()
    scene.server.script('/token', () => json({ access_token: 'proxied', token_type: 'Bearer' }))
    const tab = await scene.signIn({ metadata: { token_endpoint: proxy } })
    expect(await tab.auth.getAccessToken()).toBe('proxied')
    expect(scene.server.requests.map(({ path }) => path)).toEqual([wellKnown, '/token'])
  })

  test('that name both endpoints spare the request', async () => {
    const scene = createScene()
    const metadata = {
      authorization_endpoint: 'https://api.telnyx.com/v2/oauth/authorize',
      token_endpoint: 'https://api.telnyx.com/v2/oauth/token',
      code_challenge_methods_supported: ['S256'],
    }
    const tab = await scene.signIn({ metadata })
    expect(tab.auth.getSnapshot().status).toBe('signed-in')
    expect(asked(scene)).toBe(0)
  })

  test.each([
    ['one endpoint', { token_endpoint: proxy }],
    [
      'both',
      {
        authorization_endpoint: `${proxy}/a`,
        token_endpoint: proxy,
        code_challenge_methods_supported: ['S256'],
      },
    ],
  ])('of %s are not seen by a client of the same server without them', async (_title, metadata) => {
    const scene = createScene()
    await scene.leave(scene.open(undefined, { metadata, sessionName: 'proxied' }))
    const tab = await scene.signIn()
    expect(tab.auth.getSnapshot().status).toBe('signed-in')
    expect(scene.server.tokenRequests()).toHaveLength(1)
  })

  test('hold at once, though the metadata is in the store without them', async () => {
    const scene = createScene()
    await scene.leave(scene.open())
    scene.server.script('/token', () => json({ access_token: 'proxied', token_type: 'Bearer' }))
    const tab = await scene.signIn({ metadata: { token_endpoint: proxy } })
    expect(await tab.auth.getAccessToken()).toBe('proxied')
    expect(asked(scene)).toBe(1)
  })

  test('are held against the same rules: plain http is metadata_invalid', async () => {
    const scene = createScene()
    const tab = scene.open(undefined, { metadata: { token_endpoint: 'http://evil.example/token' } })
    const error = await failure(tab)
    expect(error).toMatchObject({ code: 'metadata_invalid' })
    expect(String(error)).toContain('token_endpoint')
  })
})
