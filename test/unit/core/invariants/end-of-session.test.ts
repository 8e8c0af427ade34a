import { describe, expect, test } from 'vitest'
import { createDeferred } from '../../../support/deferred.ts'
import { json } from '../../../support/model-server.ts'
import { createScene, lifetimeMs, refreshTokensSent, type Scene, sessionKey } from '../../../support/scene.ts'
import { settle } from '../../../support/simulated-clock.ts'

const tokenPath = '/v2/oauth/token'
const revocation_endpoint = 'https://api.telnyx.com/v2/oauth/revoke'
const minuteMs = 60_000

const revoked = ({ server }: Scene) =>
  server.requests
    .filter(({ path }) => path === '/v2/oauth/revoke')
    .map(({ parameters }) => parameters.get('token'))

/** The refusals of a dead refresh token that name no `invalid_grant`. */
const refusals = [
  ['400 with an empty body', () => new Response('', { status: 400 })],
  ['invalid_request', () => json({ error: 'invalid_request', error_description: 'revoked' }, 400)],
  ["Telnyx's errors[] envelope", () => json({ errors: [{ code: '10009', title: 'Unauthorized' }] }, 401)],
] as const

describe('a refresh token that is refused without invalid_grant', () => {
  test.each(refusals)(
    '%s three times over a minute ends the session: refresh_rejected',
    async (_title, refuse) => {
      const scene = createScene()
      const [tab, other] = [await scene.signIn(), scene.open()]
      await other.auth.ready()
      scene.server.script(tokenPath, ...Array(20).fill(refuse))
      tab.auth.refresh().catch(() => {})
      await scene.clock.advance(50_000)
      expect(tab.auth.getSnapshot()).toMatchObject({ status: 'signed-in', isStale: true })
      await scene.clock.advance(2 * minuteMs)
      for (const { auth } of [tab, other]) {
        expect(auth.getSnapshot()).toMatchObject({
          status: 'signed-out',
          error: { code: 'refresh_rejected' },
        })
      }
      const sent = refreshTokensSent(scene).length
      expect(sent).toBeLessThan(10)
      await scene.clock.advance(10 * minuteMs)
      expect(refreshTokensSent(scene)).toHaveLength(sent)
    },
  )

  test('a refusal with another error code never ends the session', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    scene.server.script(tokenPath, ...Array(50).fill(() => json({ error: 'invalid_client' }, 401)))
    tab.auth.refresh().catch(() => {})
    await scene.clock.advance(20 * minuteMs)
    expect(tab.auth.getSnapshot()).toMatchObject({ status: 'signed-in', isStale: true })
  })
})

describe('signOut', () => {
  test('revokes the newest refresh token when a full disk did not take it', async () => {
    const scene = createScene({ metadata: { revocation_endpoint } })
    const tab = await scene.signIn()
    scene.server.script(tokenPath, (process) => {
      tab.storage.failCommits(true)
      return process()
    })
    await tab.auth.refresh()
    expect(await tab.auth.signOut()).toEqual({ revoked: true })
    expect(revoked(scene)).toEqual(['refresh-3'])
  })

  test('revokes the session of this tab, not the one before it, when no storage took it', async () => {
    const scene = createScene({ metadata: { revocation_endpoint } })
    await scene.signIn()
    const tab = scene.open()
    await scene.leave(tab)
    tab.storage.before((operation, key) => {
      if (operation === 'update' && key === sessionKey) tab.storage.failCommits(true)
    })
    const back = await scene.comeBack(tab)
    expect(await back.auth.getAccessToken()).toBe('access-4')
    await back.auth.signOut()
    expect(revoked(scene)).toEqual(['refresh-4'])
  })
})

describe('the known end of a session', () => {
  test.each([{ idleTimeoutMs: 60 * minuteMs }, { maxSessionMs: 60 * minuteMs }])(
    'of %o comes in a hidden tab too, after its token has expired',
    async (limit) => {
      const scene = createScene()
      const tab = await scene.signIn(limit)
      tab.page.setVisible(false)
      await scene.clock.advance(120 * minuteMs)
      expect(tab.auth.getSnapshot()).toMatchObject({
        status: 'signed-out',
        error: { code: 'session_expired' },
      })
      expect(scene.record()).toMatchObject({ ended: 'session_expired' })
    },
  )

  test('is in the snapshot: the earliest of idle limit, maximum lifetime and refresh_token_expires_in', async () => {
    const scene = createScene()
    const now = scene.clock.now()
    const endOf = async (options: object) => {
      const { auth } = await scene.signIn(options)
      return 'endsAtMs' in auth.getSnapshot() ? Reflect.get(auth.getSnapshot(), 'endsAtMs') - now : undefined
    }
    expect(await endOf({})).toBeUndefined()
    expect(await endOf({ maxSessionMs: 5 * minuteMs })).toBe(5 * minuteMs)
    expect(await endOf({ maxSessionMs: 5 * minuteMs, idleTimeoutMs: minuteMs })).toBe(minuteMs)
    scene.server.script(tokenPath, async (process) => {
      const body = (await process().json()) as object
      return json({ ...body, refresh_token_expires_in: 7200 })
    })
    expect(await endOf({})).toBe(7_200_000)
  })
})

describe('a token that has expired', () => {
  test('is stale in the snapshot from the first one on, while the endpoint is slow', async () => {
    const scene = createScene()
    await scene.signIn()
    scene.clock.jump(lifetimeMs + 1000)
    const held = createDeferred()
    scene.server.script(tokenPath, (process) => held.promise.then(process))
    const tab = scene.open()
    expect(await tab.auth.ready()).toMatchObject({ status: 'signed-in', isStale: true })
    await settle()
    expect(tab.auth.getSnapshot()).toMatchObject({ isStale: true })
    held.resolve()
    await settle()
    expect(await tab.auth.getAccessToken()).toBe('access-3')
    expect(tab.auth.getSnapshot()).toMatchObject({ isStale: false })
  })

  test('is stale in the snapshot of a hidden tab when its time comes', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    tab.page.setVisible(false)
    await scene.clock.advance(lifetimeMs)
    expect(tab.auth.getSnapshot()).toMatchObject({ status: 'signed-in', isStale: true })
  })
})

test("dpop: 'required' does not go on with a stored bearer session", async () => {
  const scene = createScene()
  await scene.signIn()
  const strict = scene.open(undefined, { dpop: 'required' })
  expect(await strict.auth.ready()).toMatchObject({
    status: 'signed-out',
    error: { code: 'dpop_unsupported' },
  })
})

test('a snapshot and its token are frozen all the way down', async () => {
  const { auth } = await createScene().signIn()
  const snapshot = auth.getSnapshot()
  if (snapshot.status !== 'signed-in') throw new Error('not signed in')
  expect([snapshot, snapshot.token, snapshot.token.scopes].every(Object.isFrozen)).toBe(true)
})
