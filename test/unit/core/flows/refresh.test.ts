import { describe, expect, test } from 'vitest'
import type { ChannelMessage } from '../../../../packages/core/src/ports/channel.ts'
import { memoryLock } from '../../../../packages/core/src/ports/memory.ts'
import { createDeferred } from '../../../support/deferred.ts'
import { json } from '../../../support/model-server.ts'
import { createScene, lifetimeMs, refreshTokensSent, type SceneTab } from '../../../support/scene.ts'
import { settle } from '../../../support/simulated-clock.ts'

const typesOf = ({ events }: SceneTab): string[] => events.map(({ type }) => type)

describe('refreshing', () => {
  test('ten tabs with twenty callers each send one request at expiry and all get its token', async () => {
    const { server, clock, open, signIn } = createScene()
    const tabs = [await signIn()]
    for (let n = 1; n < 10; n++) tabs.push(open())
    await Promise.all(tabs.map(({ auth }) => auth.ready()))
    clock.jump(lifetimeMs)
    const calls = tabs.flatMap(({ auth }) => Array.from({ length: 20 }, () => auth.getAccessToken()))
    const tokens = await Promise.all(calls)
    expect(new Set(tokens)).toEqual(new Set(['access-3']))
    expect(tokens).toHaveLength(200)
    expect(server.tokenRequests('refresh_token')).toHaveLength(1)
  })

  test('takes the lock, reads again, writes the lease, sends, stores, tells, shows: in that order', async () => {
    const scene = createScene()
    const order: string[] = []
    const inner = memoryLock(new Map(), scene.clock.setTimer)
    const tab = await scene.signIn(undefined, {
      lock: {
        ...inner,
        run: (name, timeoutMs, work) =>
          inner.run(name, timeoutMs, async (held) => {
            order.push('lock')
            await work(held)
            order.push('unlock')
          }),
      },
      channel: {
        post: (message) => order.push(`tell ${JSON.stringify(message)}`),
        listen: () => {},
        close: () => {},
      },
    })
    order.length = 0
    tab.storage.before((operation) => void order.push(operation))
    scene.server.script('/v2/oauth/token', (process) => {
      expect(scene.record()).toMatchObject({ generation: 1, lease: { locked: true } })
      order.push('send')
      return process()
    })
    tab.auth.subscribe(() => {
      const snapshot = tab.auth.getSnapshot()
      if (snapshot.status === 'signed-in') order.push(`show ${snapshot.token.accessToken}`)
    })
    await tab.auth.refresh()
    await settle()
    const { sessionId } = scene.record()
    expect(order).toEqual([
      'show access-2',
      'lock',
      'update',
      'send',
      'update',
      `tell ${JSON.stringify({ generation: 2, sessionId })}`,
      'show access-3',
      'unlock',
    ])
    expect(scene.record()).not.toHaveProperty('lease')
  })

  test('tells how long it waited for the lock, and whether it holds it', async () => {
    const scene = createScene()
    const [first, second] = [await scene.signIn(), scene.open()]
    await second.auth.ready()
    const held = createDeferred()
    scene.server.script('/v2/oauth/token', (process) => held.promise.then(process))
    const both = [first.auth.refresh(), settle().then(second.auth.refresh)]
    await scene.clock.advance(700)
    held.resolve()
    await Promise.all(both)
    const waits = [first, second].map(({ events }) => events.filter(({ type }) => type === 'lock-waited'))
    expect(waits).toEqual([
      [expect.objectContaining({ waitedMs: 0, isHeld: true, outcome: 'send' })],
      [expect.objectContaining({ waitedMs: 700, isHeld: true, outcome: 'adopt' })],
    ])
    const lockless = await scene.signIn(undefined, {
      lock: { names: async () => [], run: (_name, _timeoutMs, work) => work(false) },
    })
    await lockless.auth.refresh()
    expect(lockless.events).toContainEqual(expect.objectContaining({ type: 'lock-waited', isHeld: false }))
    lockless.storage.before((operation) => (operation === 'update' ? Promise.reject(new Error()) : undefined))
    const failed = expect(lockless.auth.refresh()).rejects.toMatchObject({ code: 'storage_failed' })
    await scene.clock.advance(2000)
    await failed
    expect(lockless.events.at(-2)).toMatchObject({ type: 'lock-waited', outcome: 'fail' })
  })

  test('changes the snapshot twice: when it begins and when the token is there', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    const shown: unknown[] = []
    tab.auth.subscribe(() => shown.push(tab.auth.getSnapshot()))
    await tab.auth.refresh()
    const { sessionId } = tab.auth.getSnapshot() as { sessionId: string }
    const isStale = false
    expect(shown).toEqual([
      {
        status: 'signed-in',
        sessionId,
        isRefreshing: true,
        isStale,
        token: expect.objectContaining({ accessToken: 'access-2' }),
      },
      {
        status: 'signed-in',
        sessionId,
        isRefreshing: false,
        isStale,
        token: expect.objectContaining({ accessToken: 'access-3' }),
      },
    ])
  })

  test('is one request for callers of every kind', async () => {
    const scene = createScene()
    const { auth } = await scene.signIn()
    scene.clock.jump(lifetimeMs)
    await Promise.all([
      auth.refresh(),
      auth.getAccessToken(),
      auth.fetch('https://api.telnyx.com/v2/x'),
      auth.refresh(),
    ])
    expect(refreshTokensSent(scene)).toEqual(['refresh-2'])
  })

  test('sends a form without keepalive and without a signal that could call it back', async () => {
    const scene = createScene()
    const inits: (RequestInit | undefined)[] = []
    const fetch: typeof globalThis.fetch = (input, init) => {
      inits.push(init)
      return scene.server.fetch(input, init)
    }
    const tab = await scene.signIn({ fetch })
    await tab.auth.refresh()
    for (const init of inits.slice(1)) {
      expect(init).toMatchObject({ method: 'POST', redirect: 'manual' })
      expect(init?.keepalive).toBeFalsy()
      expect(init?.signal).toBeUndefined()
      // Node has no user agent of its own; a browser's cannot be set.
      const names = [...new Headers(init?.headers).keys()].filter((name) => name !== 'user-agent')
      expect(names.sort()).toEqual(['accept', 'content-type'])
    }
    const [request] = scene.server.tokenRequests('refresh_token')
    expect(Object.fromEntries(request?.parameters ?? [])).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'refresh-2',
      client_id: 'telnyx-demo',
    })
  })

  test('names the resource of the sign-in', async () => {
    const scene = createScene()
    const resource = 'https://api.telnyx.com/v2'
    const tab = await scene.signIn({ resource, issuer: scene.server.issuer })
    await tab.auth.refresh()
    expect(scene.server.tokenRequests().map(({ parameters }) => parameters.get('resource'))).toEqual([
      resource,
      resource,
    ])
  })

  test('is refused to whoever is signed out', async () => {
    const scene = createScene()
    const tab = scene.open()
    await expect(tab.auth.refresh()).rejects.toMatchObject({ code: 'signed_out' })
    expect(scene.server.requests).toEqual([])
  })

  test('tells other tabs nothing but generation and sessionId', async () => {
    const scene = createScene()
    const messages: ChannelMessage[] = []
    const channel = {
      post: (message: ChannelMessage) => void messages.push(message),
      listen: () => {},
      close: () => {},
    }
    const tab = await scene.signIn(undefined, { channel })
    await tab.auth.refresh()
    await tab.auth.signOut()
    const { sessionId } = scene.record()
    expect(messages).toEqual([1, 2, 3].map((generation) => ({ generation, sessionId })))
  })
})

describe('the refresh token', () => {
  test('is replaced when it rotates, and the old one is not sent again', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    for (let n = 0; n < 3; n++) await tab.auth.refresh()
    expect(refreshTokensSent(scene)).toEqual(['refresh-2', 'refresh-3', 'refresh-4'])
  })

  test('is kept when it does not rotate', async () => {
    const scene = createScene({ rotation: 'none' })
    const tab = await scene.signIn()
    for (let n = 0; n < 3; n++) await tab.auth.refresh()
    expect(refreshTokensSent(scene)).toEqual(['refresh-2', 'refresh-2', 'refresh-2'])
  })

  test('is kept when the answer has none, and so are the scopes', async () => {
    const scene = createScene()
    const tab = await scene.signIn()
    scene.server.script('/v2/oauth/token', () =>
      json({ access_token: 'next', token_type: 'Bearer', expires_in: 60 }),
    )
    await tab.auth.refresh()
    expect(scene.record()).toMatchObject({
      refreshToken: 'refresh-2',
      token: { accessToken: 'next', scopes: ['messaging.read', 'billing.read'] },
    })
  })

  test('that never came ends the session at expiry, in every tab, with session_expired', async () => {
    const scene = createScene({ withoutRefreshToken: true })
    const [tab, other] = [await scene.signIn(), scene.open()]
    await other.auth.ready()
    await scene.clock.advance(lifetimeMs - 1)
    expect(await tab.auth.getAccessToken()).toBe('access-2')
    await scene.clock.advance(1)
    for (const { auth } of [tab, other]) {
      expect(auth.getSnapshot()).toMatchObject({ status: 'signed-out', error: { code: 'session_expired' } })
    }
    await expect(tab.auth.getAccessToken()).rejects.toMatchObject({ code: 'session_expired' })
    expect(refreshTokensSent(scene)).toEqual([])
  })

  test('that never came makes a forced refresh fail, and leaves the session', async () => {
    const scene = createScene({ withoutRefreshToken: true })
    const tab = await scene.signIn()
    await expect(tab.auth.refresh()).rejects.toMatchObject({ code: 'session_expired' })
    expect(tab.auth.getSnapshot()).toMatchObject({ status: 'signed-in', isStale: false })
  })
})

describe('a tab', () => {
  test('adopts what another tab stored, though it missed the message, and sends nothing', async () => {
    const scene = createScene()
    const deaf = { post: () => {}, listen: () => {}, close: () => {} }
    const tab = await scene.signIn()
    const other = scene.open(undefined, undefined, { channel: deaf })
    await other.auth.ready()
    await scene.clock.advance(lifetimeMs / 2)
    await tab.auth.refresh()
    scene.clock.jump(lifetimeMs / 2)
    expect(await other.auth.getAccessToken()).toBe('access-3')
    expect(refreshTokensSent(scene)).toHaveLength(1)
    expect(other.events).toContainEqual(expect.objectContaining({ type: 'token-renewed', by: 'other-tab' }))
  })

  test('shows what another tab refreshed as soon as it is told', async () => {
    const scene = createScene()
    const [tab, other] = [await scene.signIn(), scene.open()]
    await other.auth.ready()
    await tab.auth.refresh()
    await settle()
    expect(other.auth.getSnapshot()).toMatchObject({
      token: { accessToken: 'access-3' },
      isRefreshing: false,
    })
    expect(typesOf(other)).toEqual(['signed-in', 'token-renewed'])
  })

  test('that asks while another one does waits for its answer', async () => {
    const scene = createScene()
    const [tab, other] = [await scene.signIn(), scene.open()]
    await other.auth.ready()
    scene.clock.jump(lifetimeMs)
    const held = createDeferred()
    scene.server.script('/v2/oauth/token', (process) => held.promise.then(process))
    const tokens = [tab.auth.getAccessToken(), other.auth.getAccessToken()]
    await settle()
    held.resolve()
    expect(await Promise.all(tokens)).toEqual(['access-3', 'access-3'])
    expect(refreshTokensSent(scene)).toHaveLength(1)
  })
})
