import { describe, expect, test, vi } from 'vitest'
import { isTelnyxAuthError } from '../../../packages/core/src/errors.ts'
import { createTestAuth } from '../../../packages/core/src/testing.ts'

describe('a test client', () => {
  test('lets a test spy on its members', async () => {
    const auth = createTestAuth({ status: 'signed-out' })
    const signIn = vi.spyOn(auth, 'signIn')
    await auth.signIn({ scope: 'voice.write' })
    expect(signIn).toHaveBeenCalledWith({ scope: 'voice.write' })
  })

  test('is signed in with a token from the start', async () => {
    const auth = createTestAuth({ token: 'abc', scopes: ['messaging.read'] })
    expect(auth.getSnapshot()).toMatchObject({
      status: 'signed-in',
      sessionId: 'test-session-1',
      token: { accessToken: 'abc', scopes: ['messaging.read'] },
    })
    expect(await auth.getAccessToken()).toBe('abc')
  })

  test('is signed out or pending if asked to be, and then has no token to give', async () => {
    expect(createTestAuth({ status: 'pending' }).getSnapshot()).toEqual({ status: 'pending' })
    const auth = createTestAuth({ status: 'signed-out' })
    await expect(auth.getAccessToken()).rejects.toMatchObject({ code: 'signed_out' })
    await expect(auth.fetch('https://api.telnyx.com/')).rejects.toMatchObject({ code: 'signed_out' })
  })

  test('keeps whoever waits for a pending session waiting until it begins', async () => {
    const auth = createTestAuth({ status: 'pending' })
    const settled: string[] = []
    const ready = auth.ready().then(({ status }) => settled.push(status))
    await Promise.resolve()
    expect(settled).toEqual([])
    await auth.signIn()
    await ready
    expect(settled).toEqual(['signed-in'])
  })

  test('brings appState of the sign-in along, until the next one; finishSignIn signs in as well', async () => {
    const auth = createTestAuth({ status: 'signed-out' })
    await auth.signIn({ appState: { step: 2 } })
    await auth.refresh()
    expect(auth.getSnapshot()).toMatchObject({ status: 'signed-in', appState: { step: 2 } })
    await auth.finishSignIn('com.example.app:/callback?code=c&state=s')
    expect(auth.getSnapshot()).toMatchObject({ status: 'signed-in', sessionId: 'test-session-2' })
    expect(auth.getSnapshot()).not.toHaveProperty('appState')
  })

  test('signs in and out on the spot; every sign-in is another session', async () => {
    const auth = createTestAuth()
    expect(await auth.signOut()).toEqual({ revoked: false, reason: 'not_supported' })
    expect(await auth.signOut({ endServerSession: true })).toMatchObject({ serverSession: 'not_supported' })
    expect(auth.getSnapshot()).toEqual({ status: 'signed-out' })
    await auth.signIn()
    expect(auth.getSnapshot()).toMatchObject({ sessionId: 'test-session-2' })
  })

  test('shows any snapshot and tells of any event that a test hands to it', () => {
    const auth = createTestAuth({ status: 'pending' })
    const events: unknown[] = []
    auth.onEvent((event) => events.push(event))
    auth.publish({ status: 'signed-out' })
    expect(auth.getSnapshot()).toEqual({ status: 'signed-out' })
    const event = { type: 'storage-degraded', kind: 'memory', reason: 'full', atMs: 1 } as const
    auth.emit(event)
    expect(events).toEqual([event])
  })

  test('renews a token that it let expire', async () => {
    const auth = createTestAuth({ token: 'abc' })
    auth.expire()
    expect(auth.getSnapshot()).toMatchObject({ token: { accessToken: 'abc', expiresAtMs: 0 } })
    expect(await auth.getAccessToken()).toBe("abc'")
  })

  test('goes stale with a passing failure, and the next call rejects with it, once', async () => {
    const auth = createTestAuth()
    auth.fail('server_unavailable')
    expect(auth.getSnapshot()).toMatchObject({ status: 'signed-in', isStale: true })
    await expect(auth.refresh()).rejects.toMatchObject({ code: 'server_unavailable' })
    await auth.refresh()
    expect(auth.getSnapshot()).toMatchObject({ isStale: false })
  })

  test('signs out with a failure that ends a session, and stays so', async () => {
    const auth = createTestAuth()
    auth.fail('invalid_grant')
    expect(auth.getSnapshot()).toMatchObject({ status: 'signed-out', error: { code: 'invalid_grant' } })
    for (const _ of [1, 2])
      await expect(auth.getAccessToken()).rejects.toMatchObject({ code: 'invalid_grant' })
    await auth.signIn()
    expect(auth.getSnapshot()).toMatchObject({ status: 'signed-in' })
  })

  test('steps up: a demand rejects the next call and nothing else, and signing in for it grants what was missing', async () => {
    const auth = createTestAuth({ scopes: ['billing.read'] })
    const before = auth.getSnapshot()
    auth.fail('insufficient_scope', { missing: { scopes: ['voice.write'] } })
    expect(auth.getSnapshot()).toBe(before)
    const stepUp: unknown = await auth.fetch('https://api.telnyx.com/').catch((reason: unknown) => reason)
    if (!isTelnyxAuthError(stepUp)) throw new TypeError('no demand')
    await auth.signIn({ stepUp })
    expect(auth.getSnapshot()).toMatchObject({ token: { scopes: ['billing.read', 'voice.write'] } })
    expect((await auth.fetch('https://api.telnyx.com/')).status).toBe(200)
  })

  test('has a token for every resource and set of scopes', async () => {
    const auth = createTestAuth({
      fetch: (request) => Response.json({ sent: request.headers.get('authorization') }),
    })
    const resource = 'https://api.telnyx.com/v2/mcp'
    expect(await auth.getAccessToken({ resource })).toBe(`test-token@${resource}`)
    expect(await auth.getAccessToken({ scope: ['a', 'b'] })).toBe('test-token@a+b')
    const response = await auth.fetch(resource, {}, { resource, scope: 'a' })
    expect(await response.json()).toEqual({ sent: `Bearer test-token@${resource}@a` })
  })

  test('lets a test answer its requests, which carry the token', async () => {
    const auth = createTestAuth({
      token: 'abc',
      fetch: (request) => Response.json({ sent: request.headers.get('authorization') }),
    })
    const response = await auth.fetch('https://api.telnyx.com/v2/balance')
    expect(await response.json()).toEqual({ sent: 'Bearer abc' })
  })

  test('diagnoses what the test says, else that it is a test client', async () => {
    expect(await createTestAuth().diagnose()).toMatchObject([
      { check: 'session', result: 'ok', sentence: expect.stringContaining('test client') },
    ])
    const findings = [{ check: 'clock', result: 'warning', sentence: 'It is late.' }] as const
    expect(await createTestAuth({ findings }).diagnose()).toBe(findings)
  })

  test('tells listeners of snapshots and events until they leave', async () => {
    const auth = createTestAuth({ status: 'signed-out' })
    const seen: string[] = []
    const leave = auth.subscribe(() => seen.push(auth.getSnapshot().status))
    const stop = auth.onEvent(({ type }) => seen.push(type))
    await auth.signIn()
    leave()
    stop()
    await auth.signOut()
    expect(seen).toEqual(['signed-in', 'signed-in'])
  })
})
