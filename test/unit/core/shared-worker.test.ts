import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { sharedWorkerFetch } from '../../../packages/core/src/shared-worker.ts'
import { createDeferred } from '../../support/deferred.ts'
import { settle } from '../../support/simulated-clock.ts'
import { simulateSharedWorker } from '../../support/simulated-worker.ts'

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
    expect(await outcomes(sharedWorkerFetch(), 6)).toEqual(['TypeError', 'TypeError'])
    expect(log).toEqual(['worker', 'tab', 'worker', 'tab', 'tab', 'tab'])
  })
})

describe('without an answer from the worker', () => {
  test('the tab sends the request after a second, and looks for another worker the next time', async () => {
    useFakeTime()
    const { log, worker } = stage(() => rotating(log))
    worker.die()
    const fetch = sharedWorkerFetch()
    for (const refreshToken of ['one', 'two']) {
      const response = fetch(url, refreshWith(refreshToken))
      await vi.advanceTimersByTimeAsync(1000)
      expect((await response).status).toBe(200)
    }
    expect(log).toEqual(['tab one', 'tab two'])
    expect(worker.connections()).toBe(2)
  })

  test('a request that died with the worker is a network error within six seconds', async () => {
    useFakeTime()
    const arrived = createDeferred<void>()
    const { worker } = stage(() => {
      arrived.resolve()
      return new Promise(() => {})
    })
    const failed = expect(sharedWorkerFetch()(url, refreshWith('one'))).rejects.toThrow(TypeError)
    await arrived.promise
    worker.die()
    await vi.advanceTimersByTimeAsync(6000)
    await failed
  })

  test('a slow server is waited for, as long as the worker is there', async () => {
    useFakeTime()
    const hold = createDeferred<void>()
    const { log } = stage(() => hold.promise.then(() => rotating(log)))
    const response = sharedWorkerFetch()(url, refreshWith('one'))
    for (let look = 0; look < 10; look += 1) {
      await settle()
      await vi.advanceTimersByTimeAsync(5000)
    }
    hold.resolve()
    expect((await response).status).toBe(200)
    expect(log).toEqual(['worker one'])
  })
})

test.each([
  ['has none', undefined],
  [
    'forbids it',
    function Forbidden() {
      throw new DOMException('worker-src', 'SecurityError')
    },
  ],
])('a browser that %s sends as ever, and is asked once', async (_title, SharedWorker) => {
  const { log } = stage(() => rotating(log))
  let started = 0
  vi.stubGlobal(
    'SharedWorker',
    SharedWorker &&
      function (this: unknown) {
        started += 1
        SharedWorker.call(this)
      },
  )
  const fetch = sharedWorkerFetch()
  for (const refreshToken of ['one', 'two']) await fetch(url, refreshWith(refreshToken))
  expect(log).toEqual(['tab one', 'tab two'])
  expect(started).toBe(SharedWorker ? 1 : 0)
})
