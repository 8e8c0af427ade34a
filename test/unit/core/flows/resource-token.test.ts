import { describe, expect, test } from 'vitest'
import type { TelnyxAuthOptions } from '../../../../packages/core/src/options.ts'
import { createDeferred } from '../../../support/deferred.ts'
import { json, type ModelServerOptions } from '../../../support/model-server.ts'
import { createScene, lifetimeMs, refreshTokensSent, type Scene } from '../../../support/scene.ts'
import { settle } from '../../../support/simulated-clock.ts'

const issuer = 'https://api.telnyx.com'
const mcp = `${issuer}/v2/mcp`
const voice = `${issuer}/v2/ai`
const options = { issuer, resource: [issuer, mcp, voice] }

/** A session whose sign-in named three resources. */
async function signedIn(given: Partial<TelnyxAuthOptions> = {}, server?: ModelServerOptions) {
  const scene = createScene(server)
  const tab = await scene.signIn({ ...options, ...given })
  return { scene, tab, auth: tab.auth }
}

/** Opens another tab of the same session. */
async function openOther(scene: Scene) {
  const tab = scene.open(undefined, options)
  await tab.auth.ready()
  return tab
}

/** What each refresh asked for. */
const asked = ({ server }: Scene) =>
  server.tokenRequests('refresh_token').map(({ parameters }) => ({
    ...(parameters.has('resource') && { resource: parameters.getAll('resource').join() }),
    ...(parameters.has('scope') && { scope: parameters.get('scope') }),
  }))

/** Keeps the next token request open. */
function holdToken({ server }: Scene) {
  const held = createDeferred()
  server.script('/v2/oauth/token', (process) => held.promise.then(process))
  return held
}

describe('a token for another resource', () => {
  test('is got by one refresh, kept beside the session’s own, and shown to nobody', async () => {
    const { scene, tab, auth } = await signedIn()
    const before = auth.getSnapshot()
    let renders = 0
    auth.subscribe(() => {
      renders += 1
    })
    expect(await auth.getAccessToken({ resource: mcp })).toBe('access-3')
    expect(await auth.getAccessToken({ resource: mcp })).toBe('access-3')
    expect(await auth.getAccessToken()).toBe('access-2')
    expect(asked(scene)).toEqual([{ resource: mcp }])
    expect(auth.getSnapshot()).toBe(before)
    expect(renders).toBe(0)
    expect(tab.events.slice(1)).toMatchObject([
      { type: 'lock-waited' },
      { type: 'refresh-started', resource: mcp },
      { type: 'token-added', resource: mcp },
    ])
    expect(scene.record()).toMatchObject({ generation: 2, refreshToken: 'refresh-3' })
  })

  test('may be for fewer scopes, which are what the server says', async () => {
    const { scene, auth } = await signedIn()
    const narrow = { scope: ['billing.read'] }
    expect(await auth.getAccessToken(narrow)).toBe('access-3')
    expect(await auth.getAccessToken({ scope: 'billing.read billing.read' })).toBe('access-3')
    expect(await auth.getAccessToken({ ...narrow, resource: mcp })).toBe('access-4')
    expect(asked(scene)).toEqual([
      { resource: issuer, scope: 'billing.read' },
      { resource: mcp, scope: 'billing.read' },
    ])
    const others = Object.values(scene.record().resourceTokens as object) as { token: { scopes: unknown } }[]
    expect(others.map(({ token }) => token.scopes)).toEqual([['billing.read'], ['billing.read']])
    expect(auth.getSnapshot()).toMatchObject({ token: { scopes: ['messaging.read', 'billing.read'] } })
  })

  test.each([
    ['its resource', { resource: issuer }],
    ['its scopes, in any order', { scope: 'billing.read messaging.read' }],
    ['both', { resource: issuer, scope: ['messaging.read', 'billing.read'] }],
    ['no scope', { scope: [] }],
  ])('is the session’s own when asked for with %s', async (_title, choice) => {
    const { scene, auth } = await signedIn()
    expect(await auth.getAccessToken(choice)).toBe('access-2')
    scene.clock.jump(lifetimeMs)
    expect(await auth.getAccessToken(choice)).toBe('access-3')
    expect(auth.getSnapshot()).toMatchObject({ token: { accessToken: 'access-3' } })
  })

  test('is known after a reload, without a request', async () => {
    const { scene, tab, auth } = await signedIn()
    await auth.getAccessToken({ resource: mcp })
    expect(await scene.reload(tab).auth.getAccessToken({ resource: mcp })).toBe('access-3')
    expect(asked(scene)).toHaveLength(1)
  })

  test('outlives a renewal of the session’s own, and the other way round', async () => {
    const { scene, auth } = await signedIn()
    await auth.getAccessToken({ resource: mcp })
    await auth.refresh()
    expect(await auth.getAccessToken({ resource: mcp })).toBe('access-3')
    expect(await auth.getAccessToken()).toBe('access-4')
    expect(asked(scene)).toEqual([{ resource: mcp }, { resource: issuer }])
    expect(new Set(refreshTokensSent(scene)).size).toBe(2)
  })

  test('is renewed when it has expired; in the last minute it is served and renewed behind', async () => {
    const { scene, tab, auth } = await signedIn()
    tab.page.setVisible(false)
    await auth.getAccessToken({ resource: mcp })
    scene.clock.jump(lifetimeMs - 30_000)
    expect(await auth.getAccessToken({ resource: mcp })).toBe('access-3')
    await settle()
    expect(await auth.getAccessToken({ resource: mcp })).toBe('access-4')
    scene.clock.jump(lifetimeMs)
    expect(await auth.getAccessToken({ resource: mcp, minValidityMs: 1000 })).toBe('access-5')
    expect(asked(scene)).toEqual([{ resource: mcp }, { resource: mcp }, { resource: mcp }])
  })

  test('is asked for anew where the store holds garbage in its place', async () => {
    const { scene, tab, auth } = await signedIn()
    await auth.getAccessToken({ resource: mcp })
    scene.patchRecord({ resourceTokens: { [JSON.stringify([mcp])]: { token: 'x' } } })
    expect(await scene.reload(tab).auth.getAccessToken({ resource: mcp })).toBe('access-4')
    scene.patchRecord({ resourceTokens: 7 })
    expect(await scene.open(undefined, options).auth.getAccessToken({ resource: mcp })).toBe('access-5')
  })
})

describe('callers in several tabs', () => {
  test('that want the same token cost one request', async () => {
    const { scene, auth } = await signedIn()
    const other = await openOther(scene)
    const tokens = [auth, other.auth].flatMap(({ getAccessToken }) =>
      Array.from({ length: 20 }, () => getAccessToken({ resource: mcp })),
    )
    await scene.clock.advance(1000)
    expect(new Set(await Promise.all(tokens))).toEqual(new Set(['access-3']))
    expect(asked(scene)).toHaveLength(1)
  })

  test('that want different ones go one after the other, each with the refresh token of the one before', async () => {
    const { scene, auth } = await signedIn()
    const other = await openOther(scene)
    const held = holdToken(scene)
    const tokens = [
      auth.getAccessToken({ resource: mcp }),
      auth.getAccessToken({ resource: voice }),
      other.auth.getAccessToken({ scope: 'billing.read' }),
      other.auth.refresh().then(() => other.auth.getAccessToken()),
    ]
    await scene.clock.advance(1000)
    expect(asked(scene)).toHaveLength(1)
    held.resolve()
    await scene.clock.advance(1000)
    expect(new Set(await Promise.all(tokens)).size).toBe(4)
    expect(refreshTokensSent(scene)).toEqual(['refresh-2', 'refresh-3', 'refresh-4', 'refresh-5'])
    expect(new Set(asked(scene).map((request) => JSON.stringify(request))).size).toBe(4)
  })

  test('look again after another tab stored another token than they want', async () => {
    const { scene, auth } = await signedIn()
    const other = await openOther(scene)
    scene.clock.jump(lifetimeMs)
    const held = holdToken(scene)
    const first = auth.getAccessToken({ resource: mcp })
    await settle()
    const second = other.auth.getAccessToken()
    await settle()
    held.resolve()
    await scene.clock.advance(1000)
    expect(await first).toBe('access-3')
    expect(await second).toBe('access-4')
    expect(asked(scene)).toEqual([{ resource: mcp }, { resource: issuer }])
  })

  test('find what another tab got, without a request and without a render', async () => {
    const { scene, auth } = await signedIn()
    const other = await openOther(scene)
    const before = other.auth.getSnapshot()
    await auth.getAccessToken({ resource: mcp })
    await settle()
    expect(await other.auth.getAccessToken({ resource: mcp })).toBe('access-3')
    expect(asked(scene)).toHaveLength(1)
    expect(other.auth.getSnapshot()).toBe(before)
    expect(other.events.map(({ type }) => type)).toEqual(['signed-in'])
  })

  test('get it without Web Locks too: the lease excludes', async () => {
    const withoutLocks = {
      lock: {
        names: async () => [],
        run: (_: string, __: number, work: (held: boolean) => Promise<void>) => work(false),
      },
    }
    const scene = createScene()
    const tab = await scene.signIn(options, withoutLocks)
    const other = scene.open(undefined, options, withoutLocks)
    await other.auth.ready()
    const held = holdToken(scene)
    const tokens = [
      tab.auth.getAccessToken({ resource: mcp }),
      tab.auth.getAccessToken({ resource: voice }),
      other.auth.getAccessToken({ resource: mcp }),
    ]
    await scene.clock.advance(1000)
    expect(asked(scene)).toHaveLength(1)
    held.resolve()
    await scene.clock.advance(1000)
    expect(await Promise.all(tokens)).toEqual(['access-3', 'access-4', 'access-3'])
    expect(new Set(refreshTokensSent(scene)).size).toBe(2)
  })
})

describe('a token that cannot be got', () => {
  const refuse = (error: string) => () => json({ error }, 400)

  test.each(['invalid_target', 'invalid_scope'])(
    'because of %s leaves the session as it is, and its own token is renewed as ever',
    async (code) => {
      const { scene, tab, auth } = await signedIn()
      const before = auth.getSnapshot()
      scene.server.script('/v2/oauth/token', refuse(code))
      await expect(auth.getAccessToken({ resource: mcp })).rejects.toMatchObject({
        code: 'request_rejected',
        server: { error: code },
      })
      expect(auth.getSnapshot()).toBe(before)
      expect(tab.events.at(-1)).toMatchObject({ type: 'refresh-failed', resource: mcp })
      scene.clock.jump(lifetimeMs)
      expect(await auth.getAccessToken()).toBe('access-3')
    },
  )

  test('is not asked for again within a minute; others are', async () => {
    const { scene, auth } = await signedIn()
    scene.server.script('/v2/oauth/token', refuse('invalid_target'))
    for (let n = 0; n < 5; n++) {
      await expect(auth.getAccessToken({ resource: mcp })).rejects.toMatchObject({ code: 'request_rejected' })
    }
    expect(await auth.getAccessToken({ resource: voice })).toBe('access-3')
    await scene.clock.advance(60_000)
    expect(await auth.getAccessToken({ resource: mcp })).toBe('access-4')
    expect(asked(scene)).toEqual([{ resource: mcp }, { resource: voice }, { resource: mcp }])
  })

  test('because the refresh token is refused ends the session', async () => {
    const { scene, auth } = await signedIn()
    scene.server.revokeAll()
    await expect(auth.getAccessToken({ resource: mcp })).rejects.toMatchObject({ code: 'invalid_grant' })
    expect(auth.getSnapshot()).toMatchObject({ status: 'signed-out', error: { code: 'invalid_grant' } })
  })

  test('for lack of a connection is served for as long as the last one is valid', async () => {
    const { scene, auth } = await signedIn()
    await auth.getAccessToken({ resource: mcp })
    const down = () => Promise.reject(new TypeError('Failed to fetch'))
    scene.server.script('/v2/oauth/token', down, down)
    scene.clock.jump(lifetimeMs - 300_000)
    const served = auth.getAccessToken({ resource: mcp, minValidityMs: 600_000 })
    await scene.clock.advance(1500)
    expect(await served).toBe('access-3')
    const refused = auth.getAccessToken({ resource: voice })
    await expect(refused).rejects.toMatchObject({ code: 'network_error' })
    expect(auth.getSnapshot()).toMatchObject({ status: 'signed-in', isStale: false })
    await scene.clock.advance(60_000)
    expect(await auth.getAccessToken({ resource: voice })).toMatch(/^access-/)
  })

  test('in time is refresh_pending, and stored when it comes', async () => {
    const { scene, auth } = await signedIn({ requestTimeoutMs: 3000 })
    const held = holdToken(scene)
    const token = auth.getAccessToken({ resource: mcp })
    token.catch(() => {})
    await scene.clock.advance(3000)
    await expect(token).rejects.toMatchObject({ code: 'refresh_pending', retryable: true })
    expect(auth.getSnapshot()).toMatchObject({ isStale: false })
    held.resolve()
    await settle()
    expect(await auth.getAccessToken({ resource: mcp })).toBe('access-3')
    expect(asked(scene)).toHaveLength(1)
  })

  test('without a refresh token is session_expired; the session goes on', async () => {
    const { auth } = await signedIn({}, { withoutRefreshToken: true })
    await expect(auth.getAccessToken({ resource: mcp })).rejects.toMatchObject({ code: 'session_expired' })
    expect(await auth.getAccessToken()).toBe('access-2')
  })

  test('while nobody is signed in is signed_out', async () => {
    const { auth } = createScene().open(undefined, options)
    await expect(auth.getAccessToken({ resource: mcp })).rejects.toMatchObject({ code: 'signed_out' })
  })

  test('after the limit of the session is session_expired', async () => {
    const { scene, auth } = await signedIn({ maxSessionMs: 60_000 })
    scene.clock.jump(60_000)
    await expect(auth.getAccessToken({ resource: mcp })).rejects.toMatchObject({ code: 'session_expired' })
    expect(asked(scene)).toEqual([])
  })

  test('because another sign-in replaced the session is session_replaced', async () => {
    const { scene, auth } = await signedIn()
    holdToken(scene)
    const token = auth.getAccessToken({ resource: mcp })
    token.catch(() => {})
    await settle()
    await scene.signIn(options)
    await scene.clock.advance(10_000)
    await expect(token).rejects.toMatchObject({ code: 'session_replaced' })
  })

  test('by a caller who gave up is an abort', async () => {
    const { scene, auth } = await signedIn()
    const stop = new AbortController()
    const held = holdToken(scene)
    const token = auth.getAccessToken({ resource: mcp, signal: stop.signal })
    token.catch(() => {})
    await settle()
    stop.abort()
    await expect(token).rejects.toMatchObject({ name: 'AbortError' })
    held.resolve()
    await settle()
    expect(await auth.getAccessToken({ resource: mcp })).toBe('access-3')
  })
})

describe('a resource that the sign-in did not name', () => {
  test('is never asked for, because servers may spend the refresh token on it: insufficient_scope says what is missing', async () => {
    const scene = createScene()
    const tab = scene.open(undefined, options)
    await scene.leave(tab, { resource: issuer })
    const { auth } = await scene.comeBack(tab)
    const error = await auth.getAccessToken({ resource: mcp }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'insufficient_scope', phase: 'session', missing: { resource: mcp } })
    expect(asked(scene)).toEqual([])
  })

  test('is a TypeError where the client names none at all', async () => {
    const scene = createScene()
    const { auth } = await scene.signIn()
    await expect(auth.getAccessToken({ resource: mcp })).rejects.toThrow(
      /^getAccessToken: "resource" must be one of those in the option "resource" of the client$/,
    )
  })

  test.each([
    ['resource', 'http://api.example', 'an absolute https URL'],
    ['resource', 7, 'an absolute https URL'],
    ['resource', [mcp], 'one URL'],
    ['scope', 7, 'a string, or an array of strings without spaces'],
    ['scope', ['a b'], 'a string, or an array of strings without spaces'],
  ])('and a wrong %s (%j) is a TypeError', async (name, value, rule) => {
    const { scene, auth } = await signedIn()
    const error = await auth.getAccessToken({ [name]: value }).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(TypeError)
    expect(String(error)).toContain(`getAccessToken: "${name}" must be ${rule}`)
    expect(asked(scene)).toEqual([])
  })
})
