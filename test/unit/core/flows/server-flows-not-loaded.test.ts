import { beforeAll, expect, test, vi } from 'vitest'
import { sessionKeyOf } from '../../../../packages/core/src/client.ts'
import { resolveOptions, type TelnyxAuthOptions } from '../../../../packages/core/src/options.ts'
import { memoryPage } from '../../../../packages/core/src/ports/memory.ts'
import type { createServerFlowLoader } from '../../../../packages/core/src/server-flow-loader.ts'
import { mutatedSubject } from '../../../conformance/support/mutated-subject.ts'
import { replacing } from '../../../support/mutation.ts'
import {
  appOrigin,
  type CoreUnderTest,
  createSimulatedBrowser,
  testOptions,
} from '../../../support/simulated-browser.ts'
import { settle } from '../../../support/simulated-clock.ts'

const attempts = { count: 0 }

const importFails = async () => {
  attempts.count += 1
  throw new Error('Failed to fetch dynamically imported module')
}

/** The core of a deployment whose chunk is missing. */
let core: CoreUnderTest
beforeAll(async () => {
  core = await mutatedSubject(
    replacing<typeof createServerFlowLoader>(
      'createServerFlowLoader',
      (original) => (context, listen) => original(context, listen, importFails),
    ),
  )
})

const lifetimeMs = 300_000

/** A tab with a stored session, whose server flows cannot be loaded. */
async function restored(options: Partial<TelnyxAuthOptions> = {}) {
  const browser = createSimulatedBrowser(() => Promise.reject(new TypeError('Failed to fetch')), core)
  const nowMs = browser.clock.now()
  const record = {
    v: 1,
    generation: 1,
    sessionId: 'a',
    issuer: 'https://api.telnyx.com',
    token: { accessToken: 'access-1', expiresAtMs: nowMs + lifetimeMs, scopes: [] },
    receivedAtMs: nowMs,
    signedInAtMs: nowMs,
    activeAtMs: nowMs,
    refreshToken: 'refresh-1',
  }
  browser.records.set(sessionKeyOf(resolveOptions({ ...testOptions, ...options })), record)
  const tab = browser.open(options)
  await tab.auth.ready()
  await browser.clock.advance(0)
  return { ...browser, ...tab }
}

test('the server flows cannot be loaded: a token that lasts is served, and the session is not stale', async () => {
  const { auth } = await restored()
  expect(await auth.getAccessToken()).toBe('access-1')
  expect(auth.getSnapshot()).toMatchObject({ status: 'signed-in', isStale: false })
})

test('the server flows cannot be loaded when a refresh is due: the snapshot is stale with network_error', async () => {
  const { auth, clock } = await restored()
  await clock.advance(lifetimeMs - 60_000)
  await expect(auth.refresh()).rejects.toMatchObject({ code: 'network_error', retryable: true })
  expect(auth.getSnapshot()).toMatchObject({ isStale: true, error: { code: 'network_error' } })
  expect(await auth.getAccessToken()).toBe('access-1')
  await clock.advance(60_000)
  await expect(auth.getAccessToken()).rejects.toMatchObject({ code: 'network_error', retryable: true })
})

test('the server flows cannot be loaded: signIn names the chunk, and the event says that it failed', async () => {
  const { auth, events } = await restored()
  await expect(auth.signIn()).rejects.toMatchObject({
    code: 'network_error',
    message: 'network_error: chunk',
  })
  expect(events.at(-1)).toMatchObject({ type: 'sign-in-failed', code: 'network_error' })
})

test('a click handler that does not wait for signIn causes no unhandled rejection', async () => {
  const { auth, events } = await restored()
  const rejections: unknown[] = []
  const note = (reason: unknown) => rejections.push(reason)
  process.on('unhandledRejection', note)
  void auth.signIn()
  await vi.waitFor(() => expect(events.at(-1)).toMatchObject({ type: 'sign-in-failed' }), { timeout: 9_000 })
  await settle()
  process.off('unhandledRejection', note)
  expect(rejections).toEqual([])
})

test('the server flows cannot be loaded for a response: it stays in the URL, and the event says that it failed', async () => {
  const { open } = createSimulatedBrowser(() => Promise.reject(new TypeError('Failed to fetch')), core)
  const page = memoryPage(`${appOrigin}/callback?code=x&state=tx1.y`)
  const { auth, events } = open({}, { page })
  expect(await auth.ready()).toMatchObject({ status: 'signed-out', error: { code: 'network_error' } })
  expect(page.href()).toBe(`${appOrigin}/callback?code=x&state=tx1.y`)
  expect(events).toMatchObject([{ type: 'sign-in-failed', code: 'network_error' }])
})

test('the server flows cannot be loaded: they are asked for again, at most once a second', async () => {
  const { auth, clock } = await restored()
  await clock.advance(lifetimeMs)
  attempts.count = 0
  for (let call = 0; call < 14; call++) {
    await expect(auth.getAccessToken()).rejects.toMatchObject({ code: 'network_error' })
    await clock.advance(300)
  }
  expect(attempts.count).toBeGreaterThanOrEqual(2)
  expect(attempts.count).toBeLessThanOrEqual(4)
})

test('the server flows cannot be loaded: the session ends when its time is over', async () => {
  const { auth, clock } = await restored({ maxSessionMs: 100_000 })
  await clock.advance(99_000)
  expect(auth.getSnapshot().status).toBe('signed-in')
  await clock.advance(1000)
  expect(auth.getSnapshot()).toMatchObject({ status: 'signed-out', error: { code: 'session_expired' } })
})

test('the server flows cannot be loaded: sign-out forgets the session in storage', async () => {
  const { auth, records } = await restored()
  expect(await auth.signOut()).toEqual({ revoked: false, reason: 'failed' })
  expect(auth.getSnapshot()).toEqual({ status: 'signed-out' })
  expect([...records.values()]).toMatchObject([{ ended: '' }])
  expect(await auth.signOut({ endServerSession: true })).toMatchObject({ serverSession: 'failed' })
})
