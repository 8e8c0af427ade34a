import { describe, expect, test, vi } from 'vitest'
import { createTelnyxAuth } from '../../../packages/core/src/client.ts'
import type { TelnyxAuth } from '../../../packages/core/src/telnyx-auth.ts'
import { createScene, lifetimeMs, refreshTokensSent, sessionKey } from '../../support/scene.ts'
import { settle } from '../../support/simulated-clock.ts'

const right = { clientId: 'telnyx-demo', redirectUri: '/callback' }

describe('a client', () => {
  test('touches nothing before its first call: no timer, channel, database, lock or page', async () => {
    const touched: string[] = []
    const trap = (name: string) => {
      const get = () => void touched.push(name)
      const construct = () => {
        get()
        return {}
      }
      vi.stubGlobal(name, new Proxy(class {}, { get, construct }))
    }
    for (const name of ['indexedDB', 'BroadcastChannel', 'sessionStorage', 'document', 'location']) trap(name)
    const scene = createScene()
    const tab = scene.open()
    createTelnyxAuth(right)
    await settle()
    vi.unstubAllGlobals()
    expect(touched).toEqual([])
    expect(scene.clock.timers()).toEqual([])
    expect(tab.log).toEqual([])
  })

  test('works on a server without a window: pending, then signed out', async () => {
    const auth = createTelnyxAuth(right)
    expect(auth.getSnapshot()).toEqual({ status: 'pending' })
    expect(auth.getServerSnapshot()).toEqual({ status: 'pending' })
    const { status } = await auth.ready()
    expect(status).toBe('signed-out')
    expect(auth.getServerSnapshot()).toEqual({ status: 'pending' })
    auth.dispose()
  })

  test('is frozen, and its functions work detached', async () => {
    const scene = createScene()
    const { auth } = await scene.signIn()
    expect(Object.isFrozen(auth)).toBe(true)
    const { ready, getAccessToken, getSnapshot, refresh, signOut }: TelnyxAuth = auth
    await ready()
    expect(await getAccessToken()).toBe('access-2')
    await refresh()
    await signOut()
    expect(getSnapshot().status).toBe('signed-out')
  })

  test('restores with one read and no write, and without asking the server', async () => {
    const scene = createScene()
    await scene.signIn()
    const before = scene.server.requests.length
    const tab = scene.open()
    expect((await tab.auth.ready()).status).toBe('signed-in')
    expect(await tab.auth.getAccessToken()).toBe('access-2')
    expect(tab.log).toEqual([`read ${sessionKey}`])
    expect(scene.server.requests).toHaveLength(before)
    expect(tab.events).toMatchObject([{ type: 'signed-in', by: 'storage' }])
  })

  test('asks for the code of a refresh behind its first answer, unless it was disposed of', async () => {
    const scene = createScene()
    await scene.signIn()
    await scene.clock.advance(0)
    const [tab, short] = [scene.open(), scene.open()]
    const before = scene.clock.timers()
    await Promise.all([tab, short].map(({ auth }) => auth.getAccessToken()))
    const soon = () => scene.clock.timers().filter((delayMs) => delayMs === 0).length
    expect(before).not.toContain(0)
    // For each tab that, and to forget a sign-in that was interrupted.
    expect(soon()).toBe(4)
    short.auth.dispose()
    expect(soon()).toBe(3)
  })

  test('starts with the first subscription, and once for several', async () => {
    const scene = createScene()
    await scene.signIn()
    const tab = scene.open()
    tab.auth.subscribe(() => {})()
    tab.auth.subscribe(() => {})
    await settle()
    expect(tab.auth.getSnapshot().status).toBe('signed-in')
    // The second one when it listens to the other tabs.
    expect(tab.log).toEqual([`read ${sessionKey}`, `read ${sessionKey}`])
  })

  test('listens behind its first answer, and then sees what it could not hear before', async () => {
    const scene = createScene()
    const other = await scene.signIn()
    const tab = scene.open()
    await tab.auth.ready()
    await other.auth.signOut()
    expect(tab.auth.getSnapshot().status).toBe('signed-in')
    await settle()
    expect(tab.auth.getSnapshot()).toEqual({ status: 'signed-out' })
  })

  test('that is disposed of starts again with the next call, and sees what it missed', async () => {
    const scene = createScene()
    const [tab, other] = [await scene.signIn(), scene.open()]
    await other.auth.ready()
    other.auth.dispose()
    await tab.auth.refresh()
    await settle()
    expect(other.auth.getSnapshot()).toMatchObject({ token: { accessToken: 'access-2' } })
    await other.auth.ready()
    await settle()
    expect(other.auth.getSnapshot()).toMatchObject({ token: { accessToken: 'access-3' } })
    expect(refreshTokensSent(scene)).toHaveLength(1)
  })
})

describe('a snapshot', () => {
  test('is frozen, and the same object until something changes', async () => {
    const scene = createScene()
    const { auth } = await scene.signIn()
    const snapshot = auth.getSnapshot()
    await auth.getAccessToken()
    await settle()
    expect(auth.getSnapshot()).toBe(snapshot)
    expect(Object.isFrozen(snapshot)).toBe(true)
    await auth.refresh()
    expect(auth.getSnapshot()).not.toBe(snapshot)
  })

  test('stays signed-in while a refresh is under way, whatever comes of it', async () => {
    const scene = createScene()
    const { auth } = await scene.signIn()
    const statuses = new Set<string>()
    auth.subscribe(() => void statuses.add(auth.getSnapshot().status))
    scene.server.script('/v2/oauth/token', ...Array(3).fill(() => new Response('', { status: 500 })))
    auth.refresh().catch(() => {})
    await scene.clock.advance(lifetimeMs * 3)
    expect([...statuses]).toEqual(['signed-in'])
  })
})

describe('a listener', () => {
  test('is told of every change until it unsubscribes; twice, if it subscribed twice', async () => {
    const scene = createScene()
    const { auth } = await scene.signIn()
    let calls = 0
    const count = () => {
      calls += 1
    }
    const [stop, stopAgain] = [auth.subscribe(count), auth.subscribe(count)]
    await auth.signOut()
    expect(calls).toBe(2)
    stop()
    stopAgain()
    await scene.signIn()
    await settle()
    expect(calls).toBe(2)
  })

  test('that throws breaks neither the sign-in nor the others, and the page hears of it', async () => {
    const uncaught: unknown[] = []
    vi.stubGlobal('queueMicrotask', (run: () => void) => {
      try {
        run()
      } catch (error) {
        uncaught.push(error)
      }
    })
    const scene = createScene()
    const { auth } = await scene.signIn()
    const broken = () => {
      throw new Error('a broken view')
    }
    auth.subscribe(broken)
    auth.onEvent(broken)
    let isTold = false
    auth.subscribe(() => {
      isTold = true
    })
    await auth.refresh()
    vi.unstubAllGlobals()
    expect(isTold).toBe(true)
    expect(auth.getSnapshot()).toMatchObject({ isStale: false, token: { accessToken: 'access-3' } })
    expect(uncaught.map(String)).toContain('Error: a broken view')
  })
})
