import { getEventListeners } from 'node:events'
import { createTelnyxApi, getOAuthClient, TelnyxTimeoutError } from '@telnyx-oauth/api'
import { describe, expect, it, vi } from 'vitest'
import { createDeferred } from '../../support/deferred.ts'
import { createWire, type Reply } from './support/scripted-fetch.ts'
import { errorInTheEnd, inTheEnd, START_MS, useVirtualTime } from './support/virtual-time.ts'

const CLIENT = { client_id: 'abc', name: 'Billing job' }
const OK: Reply = { status: 200, body: { data: CLIENT } }

useVirtualTime()

describe('time', () => {
  it.each(['hang', 'hang-body'] as const)('runs out after a minute: %s', async (reply) => {
    const { fetch, requests } = createWire(reply)
    const error = await errorInTheEnd(getOAuthClient(createTelnyxApi({ fetch, maxRetries: 0 }), 'abc'))
    expect(error).toBeInstanceOf(TelnyxTimeoutError)
    expect(error).toMatchObject({ message: 'No answer within 60000 ms' })
    expect(Date.now() - START_MS).toBe(60_000)
    expect(requests).toHaveLength(1)
  })

  it('is timeoutMs for each attempt', async () => {
    const { fetch, requests } = createWire('hang', 'hang', OK)
    const outcome = await inTheEnd(getOAuthClient(createTelnyxApi({ fetch, timeoutMs: 200 }), 'abc'))
    expect(outcome).toEqual({ value: CLIENT })
    expect(requests.map(({ atMs }) => atMs - START_MS)).toEqual([0, 700, 1_900])
  })

  it('never runs out when timeoutMs is Infinity', async () => {
    const { fetch } = createWire('hang')
    const controller = new AbortController()
    const api = createTelnyxApi({ fetch, timeoutMs: Number.POSITIVE_INFINITY })
    const call = getOAuthClient(api, 'abc', controller).catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(86_400_000)
    controller.abort()
    expect(await call).toBe(controller.signal.reason)
  })

  it('runs out while getAccessToken hangs, which is asked once and told by its signal', async () => {
    const { fetch, requests } = createWire(OK)
    const signals: (AbortSignal | undefined)[] = []
    const getAccessToken = (options?: { readonly signal?: AbortSignal }) => {
      signals.push(options?.signal)
      return new Promise<never>(() => {})
    }
    const api = createTelnyxApi({ getAccessToken, fetch, timeoutMs: 200 })
    const error = await errorInTheEnd(getOAuthClient(api, 'abc'))
    expect(error).toBeInstanceOf(TelnyxTimeoutError)
    expect(error).toMatchObject({ message: 'No access token within 200 ms', isRetryable: true })
    expect([requests.length, signals.length, signals[0]?.aborted]).toEqual([0, 1, true])
    expect(Date.now() - START_MS).toBe(200)
  })

  it('is shared by getAccessToken and the answer', async () => {
    const { fetch } = createWire('hang')
    const getAccessToken = () => new Promise<string>((resolve) => setTimeout(resolve, 150, 'token'))
    const api = createTelnyxApi({ getAccessToken, fetch, timeoutMs: 200, maxRetries: 0 })
    expect(await errorInTheEnd(getOAuthClient(api, 'abc'))).toBeInstanceOf(TelnyxTimeoutError)
    expect(Date.now() - START_MS).toBe(200)
  })

  it('leaves no timer behind', async () => {
    const { fetch } = createWire({ status: 503 }, OK)
    await inTheEnd(getOAuthClient(createTelnyxApi({ fetch }), 'abc'))
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a signal', () => {
  it('that was aborted before lets nothing be sent or asked for', async () => {
    const { fetch, requests } = createWire(OK)
    let count = 0
    const getAccessToken = () => `token-${++count}`
    const call = getOAuthClient(createTelnyxApi({ getAccessToken, fetch }), 'abc', {
      signal: AbortSignal.abort(),
    })
    expect(await errorInTheEnd(call)).toMatchObject({ name: 'AbortError' })
    expect([requests.length, count]).toEqual([0, 0])
  })

  it('stops a request that is out, and the error stays an AbortError', async () => {
    const { fetch, requests } = createWire('hang')
    const controller = new AbortController()
    const call = getOAuthClient(createTelnyxApi({ fetch }), 'abc', controller).catch(
      (error: unknown) => error,
    )
    await vi.advanceTimersByTimeAsync(1_000)
    controller.abort()
    expect(await call).toBe(controller.signal.reason)
    expect(await call).toMatchObject({ name: 'AbortError' })
    expect(requests).toHaveLength(1)
  })

  it('ends the wait for the next attempt at once', async () => {
    const { fetch, requests } = createWire({ status: 429, headers: { 'retry-after': '50' } })
    const controller = new AbortController()
    const call = getOAuthClient(createTelnyxApi({ fetch }), 'abc', controller).catch(
      (error: unknown) => error,
    )
    await vi.advanceTimersByTimeAsync(1_000)
    controller.abort()
    expect(await call).toBe(controller.signal.reason)
    expect(Date.now() - START_MS).toBe(1_000)
    expect(requests).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('that is aborted while the token is fetched lets nothing be sent', async () => {
    const { fetch, requests } = createWire(OK)
    const controller = new AbortController()
    const getAccessToken = async () => {
      controller.abort()
      return 'token'
    }
    const call = getOAuthClient(createTelnyxApi({ getAccessToken, fetch }), 'abc', controller)
    expect(await errorInTheEnd(call)).toBe(controller.signal.reason)
    expect(requests).toHaveLength(0)
  })

  it('rejects with the reason it was given, whatever that is', async () => {
    const { fetch, requests } = createWire('hang')
    const controller = new AbortController()
    const call = getOAuthClient(createTelnyxApi({ fetch }), 'abc', controller).catch(
      (error: unknown) => error,
    )
    await vi.advanceTimersByTimeAsync(1_000)
    const reason = Object.assign(new Error('left the page'), { isRetryable: true })
    controller.abort(reason)
    expect(await call).toBe(reason)
    expect(requests).toHaveLength(1)
  })

  it('that is aborted with null rejects with null', async () => {
    const { fetch } = createWire('hang')
    const controller = new AbortController()
    const call = getOAuthClient(createTelnyxApi({ fetch }), 'abc', controller).then(
      () => 'a result',
      (error: unknown) => error,
    )
    await vi.advanceTimersByTimeAsync(1_000)
    controller.abort(null)
    expect(await call).toBeNull()
  })

  it.each(['hangs', 'ignores it'])(
    'ends a call whose getAccessToken %s, and nothing is sent',
    async (way) => {
      const { fetch, requests } = createWire(OK)
      const controller = new AbortController()
      const late = createDeferred<string>()
      const call = getOAuthClient(
        createTelnyxApi({ getAccessToken: () => late.promise, fetch }),
        'abc',
        controller,
      ).catch((error: unknown) => error)
      await vi.advanceTimersByTimeAsync(1_000)
      controller.abort()
      expect(await call).toBe(controller.signal.reason)
      if (way === 'ignores it') late.resolve('token')
      await vi.runAllTimersAsync()
      expect(requests).toHaveLength(0)
    },
  )

  it('ends a call whose fetch ignores it', async () => {
    const controller = new AbortController()
    const fetch = () => new Promise<never>(() => {})
    const call = getOAuthClient(createTelnyxApi({ fetch }), 'abc', controller).catch(
      (error: unknown) => error,
    )
    await vi.advanceTimersByTimeAsync(1_000)
    controller.abort()
    expect(await call).toBe(controller.signal.reason)
  })

  it('of 50 calls at once has one listener, none afterwards, and Node warns of nothing', async () => {
    const { fetch } = createWire({ status: 503 }, OK)
    const { signal } = new AbortController()
    const warnings: Error[] = []
    const onWarning = (warning: Error) => warnings.push(warning)
    process.on('warning', onWarning)
    const api = createTelnyxApi({ fetch })
    const calls = Array.from({ length: 50 }, () => getOAuthClient(api, 'abc', { signal }))
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    await inTheEnd(Promise.all(calls))
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    process.off('warning', onWarning)
    expect(warnings).toEqual([])
  })

  it('aborts every call that shares it', async () => {
    const { fetch } = createWire('hang')
    const controller = new AbortController()
    const api = createTelnyxApi({ fetch })
    const calls = Promise.allSettled([
      getOAuthClient(api, 'a', controller),
      getOAuthClient(api, 'b', controller),
    ])
    await vi.advanceTimersByTimeAsync(1_000)
    controller.abort('left')
    expect((await calls).map((call) => 'reason' in call && call.reason)).toEqual(['left', 'left'])
  })
})
