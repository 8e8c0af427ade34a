import { describe, expect, test } from 'vitest'
import { json, type Script } from '../../../support/model-server.ts'
import { createScene, lifetimeMs, refreshTokensSent } from '../../../support/scene.ts'
import { settle } from '../../../support/simulated-clock.ts'

const page = (text: string, status: number, type: string): Response =>
  new Response(text, { status, headers: { 'content-type': type } })

/** What a token endpoint answers instead of a token. */
const faults: readonly (readonly [string, () => Response | Promise<Response>, string])[] = [
  ['429', () => json({ error: 'slow_down' }, 429), 'server_unavailable'],
  ['408', () => page('', 408, 'text/plain'), 'server_unavailable'],
  ['500 with HTML', () => page('<h1>Oops</h1>', 500, 'text/html'), 'server_unavailable'],
  ['503', () => json({ errors: [] }, 503), 'server_unavailable'],
  ['HTML with 200', () => page('<h1>Wi-Fi</h1>', 200, 'text/html'), 'response_invalid'],
  ['truncated JSON', () => page('{"access_token":"a', 200, 'application/json'), 'response_invalid'],
  ['JSON that is no object', () => json([1]), 'response_invalid'],
  ['wrong types', () => json({ access_token: {}, token_type: 1 }), 'response_invalid'],
  ['an error in a success', () => json({ error: 'bad_refresh_token' }), 'response_invalid'],
  ['an empty answer', () => page('', 200, 'application/json'), 'response_invalid'],
  [
    'a redirect',
    () => new Response(null, { status: 302, headers: { location: 'https://evil.example' } }),
    'response_invalid',
  ],
  ['a dropped connection', () => Promise.reject(new TypeError('Failed to fetch')), 'network_error'],
]

const before =
  (fault: () => Response | Promise<Response>): Script =>
  () =>
    fault()

const after =
  (fault: () => Response | Promise<Response>): Script =>
  (process) => {
    process()
    return fault()
  }

const repeat = (script: Script, times: number): Script[] => Array.from({ length: times }, () => script)

test('a timer that runs a fraction of a millisecond early does not cost the second attempt', async () => {
  const scene = createScene()
  const { clock } = scene
  const setTimer: typeof clock.setTimer = (delayMs, run) =>
    clock.setTimer(Math.floor(delayMs) || delayMs, run)
  const tab = await scene.signIn({}, { clock: { ...clock, setTimer, random: () => 0.5347 } })
  scene.server.script('/v2/oauth/token', () => Promise.reject(new TypeError('Failed to fetch')))
  await clock.until(tab.auth.refresh())
  expect(refreshTokensSent(scene)).toEqual(['refresh-2', 'refresh-2'])
})

describe('a token endpoint that answers with', () => {
  test.each(faults)(
    '%s before it acts keeps the session, and heals by itself',
    async (_title, fault, code) => {
      const scene = createScene()
      const tab = await scene.signIn()
      scene.server.script('/v2/oauth/token', ...repeat(before(fault), 2))
      const refreshed = tab.auth.refresh()
      refreshed.catch(() => {})
      await scene.clock.advance(1500)
      await expect(refreshed).rejects.toMatchObject({ code, phase: 'refresh', retryable: true })
      expect(refreshTokensSent(scene)).toEqual(Array(2).fill('refresh-2'))
      expect(tab.auth.getSnapshot()).toMatchObject({
        status: 'signed-in',
        isStale: true,
        isRefreshing: false,
        error: { code },
      })
      expect(await tab.auth.getAccessToken()).toBe('access-2')
      await scene.clock.advance(3000)
      expect(tab.auth.getSnapshot()).toMatchObject({ isStale: false, token: { accessToken: 'access-3' } })
      expect(tab.auth.getSnapshot()).not.toHaveProperty('error')
    },
  )

  test.each(faults)('%s after it acted, with a grace period, loses nothing', async (_title, fault) => {
    const scene = createScene({ rotation: 'grace-same-token' })
    const tab = await scene.signIn()
    scene.server.script('/v2/oauth/token', after(fault))
    const refreshed = tab.auth.refresh()
    await scene.clock.advance(1500)
    await refreshed
    expect(tab.auth.getSnapshot()).toMatchObject({ status: 'signed-in', isStale: false })
    expect(scene.record()).toMatchObject({ generation: 2, refreshToken: 'refresh-3' })
    expect(scene.record()).not.toHaveProperty('failures')
  })

  test.each(faults)(
    '%s after it acted, without one, ends in every tab, with the reason',
    async (_title, fault, code) => {
      // A server that is busy, and a portal that answers in its place, lose no response.
      const reason = code === 'network_error' ? 'refresh_response_lost' : 'invalid_grant'
      const scene = createScene()
      const [tab, other] = [await scene.signIn(), scene.open()]
      await other.auth.ready()
      scene.server.script('/v2/oauth/token', after(fault))
      const refreshed = tab.auth.refresh()
      refreshed.catch(() => {})
      await scene.clock.advance(1500)
      await expect(refreshed).rejects.toMatchObject({ code: reason })
      for (const { auth } of [tab, other]) {
        expect(auth.getSnapshot()).toMatchObject({
          status: 'signed-out',
          error: { code: reason },
        })
      }
      expect(refreshTokensSent(scene)).toHaveLength(2)
      await scene.clock.advance(lifetimeMs)
      expect(refreshTokensSent(scene)).toHaveLength(2)
    },
  )
})

test('a refresh response without a usable access token: its refresh token is stored, the old access token stays', async () => {
  const scene = createScene()
  const { auth } = await scene.signIn()
  const odd = () => json({ access_token: 7, token_type: 'Bearer', expires_in: 1800, refresh_token: 'r' })
  scene.server.script('/v2/oauth/token', ...repeat(odd, 3))
  const refreshed = auth.refresh()
  refreshed.catch(() => {})
  await scene.clock.advance(1500)
  await expect(refreshed).rejects.toMatchObject({ code: 'response_invalid' })
  await auth.fetch('https://api.telnyx.com/v2/phone_numbers')
  expect(scene.server.requests.at(-1)?.authorization).toBe('Bearer access-2')
  expect(scene.record()).toMatchObject({ refreshToken: 'r' })
})

describe('invalid_grant', () => {
  test('ends the session in every tab, with the reason, and nothing is sent after it', async () => {
    const scene = createScene()
    const [tab, other] = [await scene.signIn(), scene.open()]
    await other.auth.ready()
    scene.server.revokeAll()
    await expect(tab.auth.refresh()).rejects.toMatchObject({ code: 'invalid_grant', retryable: false })
    await settle()
    for (const { auth, events } of [tab, other]) {
      expect(auth.getSnapshot()).toMatchObject({ status: 'signed-out', error: { code: 'invalid_grant' } })
      expect(events.at(-1)).toMatchObject({ type: 'signed-out', code: 'invalid_grant' })
    }
    await expect(other.auth.getAccessToken()).rejects.toMatchObject({ code: 'invalid_grant' })
    await scene.clock.advance(lifetimeMs)
    expect(refreshTokensSent(scene)).toHaveLength(1)
  })

  test('while something fresher is stored is no end: it is adopted, and nothing is stale', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    const token = { ...(scene.record().token as object), accessToken: 'fresher' }
    scene.server.script('/v2/oauth/token', () => {
      scene.patchRecord({ generation: 2, refreshToken: 'fresher', token, lease: undefined })
      return json({ error: 'invalid_grant' }, 400)
    })
    await tab.auth.refresh()
    expect(tab.auth.getSnapshot()).toMatchObject({ isStale: false, token: { accessToken: 'fresher' } })
    expect(tab.auth.getSnapshot()).not.toHaveProperty('error')
  })
})

describe('a refusal that is not invalid_grant', () => {
  test.each([
    ['invalid_client', 401],
    ['invalid_scope', 400],
    ['unauthorized_client', 400],
  ])('%s keeps the session, is sent once, and is tried again after a minute', async (error, status) => {
    const scene = createScene()
    const tab = await scene.signIn()
    scene.server.script('/v2/oauth/token', () => json({ error, error_description: 'why' }, status))
    await expect(tab.auth.refresh()).rejects.toMatchObject({
      code: 'request_rejected',
      retryable: false,
      server: { status, error, description: 'why' },
    })
    expect(tab.auth.getSnapshot()).toMatchObject({ status: 'signed-in', isStale: true })
    await scene.clock.advance(59_000)
    expect(refreshTokensSent(scene)).toHaveLength(1)
    await scene.clock.advance(1000)
    expect(tab.auth.getSnapshot()).toMatchObject({ isStale: false })
  })
})

test('words of the server that are no text are left out of the error', async () => {
  const scene = createScene()
  const tab = await scene.signIn()
  const body = { error: 'invalid_scope', error_description: { why: ['a', 1] } }
  scene.server.script('/v2/oauth/token', () => json(body, 400))
  const error = await tab.auth.refresh().catch((failure: unknown) => failure)
  expect(error).toMatchObject({ code: 'request_rejected', server: { status: 400, error: 'invalid_scope' } })
  expect(error).not.toHaveProperty('server.description')
})

describe('Retry-After', () => {
  const busy = (seconds: string) => () => json({}, 503, { 'retry-after': seconds })

  test('of up to two seconds: the call that failed waits, and tries once more', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    scene.server.script('/v2/oauth/token', busy('2'))
    const refreshed = tab.auth.refresh()
    await scene.clock.advance(1999)
    expect(refreshTokensSent(scene)).toHaveLength(1)
    await scene.clock.advance(1)
    await refreshed
    expect(refreshTokensSent(scene)).toHaveLength(2)
  })

  test('that is longer: the call rejects, and no tab sends before', async () => {
    const scene = createScene()
    const [tab, other] = [await scene.signIn(), scene.open()]
    await other.auth.ready()
    scene.server.script('/v2/oauth/token', busy('90'))
    await expect(tab.auth.refresh()).rejects.toMatchObject({
      code: 'server_unavailable',
      retryAfterMs: 90_000,
    })
    await scene.clock.advance(87_000)
    for (const { page, auth } of [tab, other]) {
      page.comeOnline()
      page.wake()
      await settle()
      await expect(auth.refresh()).rejects.toMatchObject({ code: 'server_unavailable' })
    }
    expect(refreshTokensSent(scene)).toHaveLength(1)
    expect(scene.record()).not.toHaveProperty('lease')
    await scene.clock.advance(3000)
    expect(refreshTokensSent(scene)).toHaveLength(2)
    expect(tab.auth.getSnapshot()).toMatchObject({ isStale: false })
  })

  test('as a date is obeyed too', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    scene.server.script('/v2/oauth/token', busy(new Date(scene.clock.now() + 30_000).toUTCString()))
    await tab.auth.refresh().catch(() => {})
    expect(tab.events).toContainEqual(
      expect.objectContaining({ type: 'refresh-failed', retryAtMs: scene.clock.now() + 30_000 }),
    )
  })
})

describe('a server that stays down', () => {
  test('is asked less and less often', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    scene.server.script(
      '/v2/oauth/token',
      ...repeat(
        before(() => json({}, 500)),
        500,
      ),
    )
    tab.auth.refresh().catch(() => {})
    await scene.clock.advance(600_000)
    const inTenMinutes = refreshTokensSent(scene).length
    expect(inTenMinutes).toBeGreaterThan(10)
    expect(inTenMinutes).toBeLessThan(20)
  })

  test('does not end the session, also when the token expires; every caller gets the reason', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    scene.server.script(
      '/v2/oauth/token',
      ...repeat(
        before(() => json({}, 500)),
        500,
      ),
    )
    scene.clock.jump(lifetimeMs)
    const token = tab.auth.getAccessToken()
    token.catch(() => {})
    await scene.clock.advance(1500)
    await expect(token).rejects.toMatchObject({ code: 'server_unavailable', server: { status: 500 } })
    const sent = refreshTokensSent(scene).length
    await expect(tab.auth.getAccessToken()).rejects.toMatchObject({ code: 'server_unavailable' })
    expect(refreshTokensSent(scene)).toHaveLength(sent)
    expect(tab.auth.getSnapshot()).toMatchObject({ status: 'signed-in', isStale: true })
  })

  test('leaves no lease behind, so that any tab may try next', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    scene.server.script(
      '/v2/oauth/token',
      ...repeat(
        before(() => json({}, 500)),
        3,
      ),
    )
    tab.auth.refresh().catch(() => {})
    await scene.clock.advance(1500)
    expect(scene.record()).toMatchObject({ generation: 1, failures: { count: 2 } })
    expect(scene.record()).not.toHaveProperty('lease')
  })

  test('says what the server answered, when the storage fails at the same time', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    scene.server.script('/v2/oauth/token', () => {
      tab.storage.before(() => Promise.reject(new Error('connection lost')))
      return json({ error: 'invalid_client' }, 401)
    })
    await expect(tab.auth.refresh()).rejects.toMatchObject({ code: 'request_rejected' })
  })
})

describe('without a connection', () => {
  test('the session stays, stale, and heals when the page is online again', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    const offline = repeat(
      before(() => Promise.reject(new TypeError('Failed to fetch'))),
      2,
    )
    scene.server.script('/v2/oauth/token', ...offline)
    tab.auth.refresh().catch(() => {})
    await scene.clock.advance(1500)
    expect(tab.auth.getSnapshot()).toMatchObject({
      status: 'signed-in',
      isStale: true,
      error: { code: 'network_error' },
    })
    await scene.clock.advance(1000)
    tab.page.comeOnline()
    await settle()
    expect(tab.auth.getSnapshot()).toMatchObject({ isStale: false, token: { accessToken: 'access-3' } })
  })
})
