import { createContext, runInContext } from 'node:vm'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { sharedWorkerFetch } from '../../../packages/core/src/shared-worker.ts'
import { createDeferred } from '../../support/deferred.ts'
import { createScene } from '../../support/scene.ts'
import { settle } from '../../support/simulated-clock.ts'
import { readFiles } from '../../support/source-files.ts'

const url = 'https://api.telnyx.com/v2/oauth/token'

const refreshWith = (refreshToken: string): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }),
})

const answer = (body: object, status = 200) => Response.json(body, { status })

/** A server that the worker reaches, and a log of who sent what. */
function stage(respond: (body: string) => Promise<Response> | Response) {
  const log: string[] = []
  const worker = simulateSharedWorker(async (_, { body }) => {
    log.push(`worker ${new URLSearchParams(String(body)).get('refresh_token')}`)
    return respond(String(body))
  })
  vi.stubGlobal('fetch', async (_: unknown, { body }: RequestInit = {}) => {
    log.push(`tab ${new URLSearchParams(String(body ?? '')).get('refresh_token')}`)
    return respond(String(body))
  })
  return { log, worker }
}

function useFakeTime(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
}

/** The reason for which the worker is given up, as the client is told. */
function reasonOf({ report, problem }: ReturnType<typeof sharedWorkerFetch>): Promise<string | undefined> {
  const told = new Promise<string>((resolve) => report(({ reason }) => resolve(reason)))
  return problem().then((reason) => (reason ? told : undefined))
}

const rotating = (log: readonly string[]) =>
  answer({ access_token: `access-${log.length}`, refresh_token: `refresh-${log.length}`, expires_in: 1800 })

describe('a refresh request', () => {
  test('goes through the worker, everything else is sent by the tab', async () => {
    const { log } = stage(() => rotating(log))
    const fetch = sharedWorkerFetch()
    await fetch(url, { method: 'POST', body: new URLSearchParams({ grant_type: 'authorization_code' }) })
    await fetch(url)
    const response = await fetch(url, refreshWith('one'))
    expect(log).toEqual(['tab null', 'tab null', 'worker one'])
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json'])
  })

  test('that another tab repeats gets the answer of the first one, while it is out and a minute long', async () => {
    useFakeTime()
    const hold = createDeferred<void>()
    const { log } = stage(() => hold.promise.then(() => rotating(log)))
    const [first, second] = [sharedWorkerFetch(), sharedWorkerFetch()]
    const out = [first(url, refreshWith('one')), second(url, refreshWith('one'))]
    hold.resolve()
    const [own, taken] = await Promise.all(out.map(async (response) => (await response).json()))
    expect(taken).toEqual(own)
    await vi.advanceTimersByTimeAsync(59_000)
    await second(url, refreshWith('one'))
    expect(log).toEqual(['worker one'])
    await vi.advanceTimersByTimeAsync(1000)
    await second(url, refreshWith('one'))
    expect(log).toEqual(['worker one', 'worker one'])
  })

  test('that is answered from what was kept has a lifetime that counts from the first one', async () => {
    useFakeTime()
    const { log } = stage(() => rotating(log))
    await sharedWorkerFetch()(url, refreshWith('one'))
    await vi.advanceTimersByTimeAsync(20_000)
    const taken = await (await sharedWorkerFetch()(url, refreshWith('one'))).json()
    expect(taken).toEqual({ access_token: 'access-1', refresh_token: 'refresh-1', expires_in: 1780 })
  })

  test.each([
    ['names none', {}],
    ['names the same one', { refresh_token: 'one' }],
  ])('is sent again where the answer %s as the next refresh token', async (_title, next) => {
    const { log } = stage(() => answer({ access_token: `access-${log.length}`, ...next }))
    const fetch = sharedWorkerFetch()
    for (const expected of ['access-1', 'access-2']) {
      const response = await fetch(url, refreshWith('one'))
      expect(await response.json()).toMatchObject({ access_token: expected })
    }
  })

  test('that failed is not remembered', async () => {
    const { log } = stage(() => (log.length === 1 ? answer({ error: 'busy' }, 503) : rotating(log)))
    const fetch = sharedWorkerFetch()
    expect((await fetch(url, refreshWith('one'))).status).toBe(503)
    expect((await fetch(url, refreshWith('one'))).status).toBe(200)
  })

  test('that is redirected is answered with an error, not followed', async () => {
    stage(() => Object.defineProperty(new Response(), 'status', { value: 0 }))
    expect((await sharedWorkerFetch()(url, refreshWith('one'))).type).toBe('error')
  })

  test('that is answered without a body is', async () => {
    stage(() => new Response(null, { status: 204 }))
    expect((await sharedWorkerFetch()(url, refreshWith('one'))).status).toBe(204)
  })
})

describe('a worker that cannot reach the server', () => {
  const down = () => Promise.reject(new TypeError('Failed to fetch'))
  const outcomes = async (fetch: typeof globalThis.fetch, times: number) => {
    const seen: string[] = []
    for (let time = 0; time < times; time += 1) {
      await fetch(url, refreshWith(String(time))).catch((error) => seen.push(error.name))
    }
    return seen
  }

  test('while the tab cannot either is not to blame', async () => {
    const { log } = stage(down)
    expect(await outcomes(sharedWorkerFetch(), 4)).toEqual(Array(4).fill('TypeError'))
    expect(log).toEqual(['worker 0', 'tab 1', 'worker 2', 'tab 3'])
  })

  test('because its policy forbids that is given up, and the tab sends the same request', async () => {
    const log: string[] = []
    const worker = simulateSharedWorker(() => {
      setTimeout(() => worker.violate())
      return down()
    })
    vi.stubGlobal('fetch', async () => {
      log.push('tab')
      return answer({})
    })
    const fetch = sharedWorkerFetch()
    expect(await outcomes(fetch, 2)).toEqual([])
    expect(log).toEqual(['tab', 'tab'])
    expect(await reasonOf(fetch)).toBe('unreachable')
  })

  test('while the tab can is tried twice, then left alone', async () => {
    const log: string[] = []
    simulateSharedWorker(() => {
      log.push('worker')
      return down()
    })
    vi.stubGlobal('fetch', async () => {
      log.push('tab')
      return answer({})
    })
    const fetch = sharedWorkerFetch()
    expect(await outcomes(fetch, 6)).toEqual(['TypeError', 'TypeError'])
    expect(log).toEqual(['worker', 'tab', 'worker', 'tab', 'tab', 'tab'])
    expect(await reasonOf(fetch)).toBe('unreachable')
  })
})

/** A SharedWorker whose script says nothing. @param lockName the lock that it holds all the same */
function stubSilentWorker(lockName = 'of the app'): { fail: () => void } {
  const silent = { fail: () => {} }
  vi.stubGlobal('navigator', { locks: { query: async () => ({ held: [{ name: lockName }] }) } })
  vi.stubGlobal('SharedWorker', function (this: { port: object; onerror?: () => void }) {
    this.port = {}
    silent.fail = () => this.onerror?.()
  })
  return silent
}

describe('a worker that died', () => {
  test('is missed for one request, which the tab sends at once, and replaced', async () => {
    useFakeTime()
    const { log, worker } = stage(() => rotating(log))
    const fetch = sharedWorkerFetch()
    await fetch(url, refreshWith('one'))
    worker.die()
    await fetch(url, refreshWith('two'))
    await fetch(url, refreshWith('three'))
    expect(log).toEqual(['worker one', 'tab two', 'worker three'])
    expect(worker.connections()).toBe(2)
    expect(await reasonOf(fetch)).toBeUndefined()
  })

  test('with a request makes that one a network error at once', async () => {
    const arrived = createDeferred<void>()
    const { worker } = stage(() => {
      arrived.resolve()
      return new Promise(() => {})
    })
    const failed = expect(sharedWorkerFetch()(url, refreshWith('one'))).rejects.toThrow(TypeError)
    await arrived.promise
    worker.die()
    await failed
  })
})

test('a slow server is waited for, as long as the worker runs', async () => {
  useFakeTime()
  const hold = createDeferred<void>()
  const { log } = stage(() => hold.promise.then(() => rotating(log)))
  const response = sharedWorkerFetch()(url, refreshWith('one'))
  for (let minute = 0; minute < 4; minute += 1) {
    await settle()
    await vi.advanceTimersByTimeAsync(60_000)
  }
  hold.resolve()
  expect((await response).status).toBe(200)
  expect(log).toEqual(['worker one'])
})

describe('a script that says nothing', () => {
  test('delays the refreshes of the first 250 ms, together by no more than that, and no other', async () => {
    useFakeTime()
    const { log } = stage(() => rotating(log))
    stubSilentWorker()
    const fetch = sharedWorkerFetch()
    await vi.advanceTimersByTimeAsync(100)
    const early = fetch(url, refreshWith('one'))
    await vi.advanceTimersByTimeAsync(149)
    expect(log).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    await early
    await fetch(url, refreshWith('two'))
    expect(log).toEqual(['tab one', 'tab two'])
  })

  test('is given up after five seconds', async () => {
    useFakeTime()
    stage(() => answer({}))
    stubSilentWorker()
    const reason = reasonOf(sharedWorkerFetch())
    await vi.advanceTimersByTimeAsync(5000)
    expect(await reason).toBe('no-response')
  })

  test('is waited for until then while a worker runs, which may have a response of an earlier page', async () => {
    useFakeTime()
    const { log } = stage(() => rotating(log))
    stubSilentWorker('telnyx-oauth-2 refresh-worker 1')
    const early = sharedWorkerFetch()(url, refreshWith('one'))
    await vi.advanceTimersByTimeAsync(4999)
    expect(log).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    await early
    expect(log).toEqual(['tab one'])
  })

  test('is given up at once if it cannot be loaded', async () => {
    useFakeTime()
    const { log } = stage(() => rotating(log))
    const silent = stubSilentWorker()
    const fetch = sharedWorkerFetch()
    silent.fail()
    await fetch(url, refreshWith('one'))
    expect(log).toEqual(['tab one'])
    expect(await reasonOf(fetch)).toBe('not-loaded')
  })
})

describe('a page that cannot have the worker', () => {
  const forbid = () => {
    throw new DOMException('worker-src', 'SecurityError')
  }
  test.each([
    ['has no SharedWorker', 'unsupported', () => vi.stubGlobal('SharedWorker', undefined)],
    ['has no Web Locks', 'unsupported', () => vi.stubGlobal('navigator', {})],
    ['forbids it', 'forbidden', () => vi.stubGlobal('SharedWorker', forbid)],
    [
      'has no URL of its script',
      'no-script-url',
      () =>
        vi.stubGlobal(
          'URL',
          class extends URL {
            constructor() {
              super('')
            }
          },
        ),
    ],
  ])('because it %s sends as ever and says once: %s', async (_title, reason, prepare) => {
    useFakeTime()
    const { log, worker } = stage(() => rotating(log))
    prepare()
    const fetch = sharedWorkerFetch()
    const events: unknown[] = []
    fetch.report((event) => events.push(event))
    for (const refreshToken of ['one', 'two']) await fetch(url, refreshWith(refreshToken))
    expect(log).toEqual(['tab one', 'tab two'])
    expect(events).toEqual([{ type: 'shared-worker-unavailable', reason }])
    expect(worker.connections()).toBe(0)
    // A server that renders pages must not be kept from exiting.
    if (reason === 'unsupported') expect(vi.getTimerCount()).toBe(0)
  })
})

test('a client emits shared-worker-unavailable once, however often it starts', async () => {
  stage(() => answer({}))
  vi.stubGlobal('SharedWorker', undefined)
  const scene = createScene()
  const tab = scene.open(undefined, { fetch: sharedWorkerFetch() })
  for (let time = 0; time < 2; time += 1) {
    await tab.auth.ready()
    await scene.clock.advance(1)
    tab.auth.dispose()
  }
  expect(tab.events.filter(({ type }) => type === 'shared-worker-unavailable')).toEqual([
    expect.objectContaining({ reason: 'unsupported' }),
  ])
})

const path = 'packages/core/src/ports/refresh-worker.js'

/** Lets `new SharedWorker` of this test start the shipped script, one for all tabs, with its own `fetch` and timers. */
function simulateSharedWorker(fetch: (url: string, init: RequestInit) => Promise<Response>) {
  const [source = ''] = readFiles([path], /\.js$/).values()
  const ports: MessagePort[] = []
  const locks = simulateWorkerLocks()
  let connections = 0
  let scope: EventTarget | undefined
  const start = () => {
    const self = new EventTarget()
    const timers = { setTimeout: (...given: Parameters<typeof setTimeout>) => setTimeout(...given) }
    const navigator = { locks: { request: locks.hold } }
    const globals = { self, fetch, performance, crypto, navigator, URLSearchParams, ...timers }
    runInContext(source, createContext(globals))
    return self
  }
  vi.stubGlobal('navigator', { locks })
  vi.stubGlobal('SharedWorker', function (this: { port: MessagePort }) {
    const { port1, port2 } = new MessageChannel()
    this.port = port1
    ports.push(port1, port2)
    connections += 1
    scope ??= start()
    scope.dispatchEvent(Object.assign(new Event('connect'), { ports: [port2] }))
  })
  onTestFinished(() => {
    vi.unstubAllGlobals()
    for (const port of ports) port.close()
  })
  return {
    /** Ends the worker without a message. The next connection starts another one. */
    /** Ends the worker without a message. The next connection starts another one. */
    die: () => {
      scope = undefined
      for (const port of ports) port.onmessage = null
      locks.release()
    },
    violate: () => {
      scope?.dispatchEvent(Object.assign(new Event('securitypolicyviolation'), { disposition: 'enforce' }))
    },
    connections: () => connections,
  }
}

type Granted<T> = (lock: object | null) => T

/** Web Locks of which the worker holds one, and which tabs ask for. */
function simulateWorkerLocks() {
  let held = ''
  const waiting = new Set<() => void>()
  return {
    hold: (name: string, granted: () => unknown) => {
      held = name
      granted()
    },
    release: () => {
      held = ''
      for (const grant of waiting) grant()
    },
    query: async () => ({ held: [{ name: held }] }),
    request: async <T>(name: string, { ifAvailable, signal }: LockOptions, granted: Granted<T>) => {
      if (name !== held) return granted({})
      if (ifAvailable) return granted(null)
      return new Promise<T>((resolve, reject) => {
        waiting.add(() => resolve(granted({})))
        signal?.addEventListener('abort', () => reject(signal.reason))
      })
    },
  }
}
