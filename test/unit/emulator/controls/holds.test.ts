import type { Emulator, Hold } from '@telnyx-oauth/emulator'
import { describe, expect, test } from 'vitest'
import { refreshAtEmulator, signInToEmulator } from '../../../support/emulator-sign-in.ts'
import { startEmulator } from '../../../support/start-emulator.ts'

describe('a hold', () => {
  test('before the request was processed keeps it open, and nothing has happened yet', async () => {
    const emulator = await startEmulator()
    const { refresh_token: token = '' } = await signInToEmulator(emulator.issuer)
    const hold = emulator.hold('token')
    const held = refreshAtEmulator(emulator.issuer, token)
    expect(await hold.arrived).toMatchObject({ grant: 'refresh_token' })
    // The same refresh token still works: the held request has not spent it.
    const overtaking = await refreshAtEmulator(emulator.issuer, token)
    expect(overtaking).toHaveProperty('refresh_token')
    hold.release()
    await expect(held).rejects.toMatchObject({ error: 'invalid_grant' })
  })

  test('after the request was processed keeps only the answer', async () => {
    const emulator = await startEmulator()
    const { refresh_token: token = '' } = await signInToEmulator(emulator.issuer)
    const hold = emulator.hold('token', { when: 'after' })
    const held = refreshAtEmulator(emulator.issuer, token)
    await hold.arrived
    await expect(refreshAtEmulator(emulator.issuer, token)).rejects.toMatchObject({ error: 'invalid_grant' })
    hold.release()
    await expect(held).resolves.toHaveProperty('access_token')
  })

  test('keeps as many as it is told to, and lets the next one pass', async () => {
    const emulator = await startEmulator()
    const get = (): Promise<Response> => fetch(`${emulator.url}/v2/oauth/jwks`)
    const hold = emulator.hold('jwks', { times: 2 })
    const held = [get(), get()]
    expect(await hold.arrivals(2)).toHaveLength(2)
    expect((await get()).status).toBe(200)
    expect(emulator.requests({ endpoint: 'jwks', status: 200 })).toHaveLength(1)
    hold.release()
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual([200, 200])
    expect(hold.held).toHaveLength(2)
  })

  test('catches a request that no other hold keeps: three holds catch three requests', async () => {
    const emulator = await startEmulator()
    const holds = [1, 2, 3].map(() => emulator.hold('jwks'))
    const held = holds.map(() => fetch(`${emulator.url}/v2/oauth/jwks`))
    const caught = await Promise.all(holds.map((hold) => hold.arrived))
    expect(new Set(caught.map(({ id }) => id)).size).toBe(3)
    for (const hold of holds) hold.release()
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual([200, 200, 200])
  })

  test('before or after the request was processed waits for its turn: one hold keeps one request', async () => {
    const { hold, url } = await startEmulator()
    const [first, second] = [hold('jwks', { when: 'after' }), hold('jwks', { when: 'before' })]
    const asked = fetch(`${url}/v2/oauth/jwks`)
    const { id } = await first.arrived
    expect(second.held).toEqual([])
    first.release()
    await asked
    const next = fetch(`${url}/v2/oauth/jwks`)
    expect((await second.arrived).id).toBe(id + 1)
    second.release()
    await next
  })

  test.each([
    ['release() was called', ({ release }: Hold) => release(), 'the hold was released before'],
    ['reset() was called', (_: Hold, { reset }: Emulator) => reset(), 'the emulator was reset before'],
    ['stop() was called', (_: Hold, { stop }: Emulator) => stop(), 'the emulator was stopped before'],
  ])('rejects the requests it still waits for when %s', async (_event, end, message) => {
    const emulator = await startEmulator()
    const hold = emulator.hold('jwks', { times: 2 })
    const earlier = hold.arrivals(1)
    await end(hold, emulator)
    await expect(hold.arrived).rejects.toThrow(message)
    await expect(earlier).rejects.toThrow(message)
    await expect(hold.arrivals(1)).rejects.toThrow(message)
    await expect(hold.arrivals(0)).resolves.toEqual([])
  })

  test('that caught a request still resolves with it after its release', async () => {
    const emulator = await startEmulator()
    const hold = emulator.hold('jwks')
    const held = fetch(`${emulator.url}/v2/oauth/jwks`)
    const arrivals = hold.arrivals(1)
    await hold.arrived
    emulator.reset()
    expect((await held).status).toBe(200)
    expect(await hold.arrived).toMatchObject({ endpoint: 'jwks' })
    expect(await arrivals).toHaveLength(1)
  })

  test('that was released catches nothing more', async () => {
    const emulator = await startEmulator()
    emulator.hold('jwks', { times: 5 }).release()
    expect((await fetch(`${emulator.url}/v2/oauth/jwks`)).status).toBe(200)
  })

  test('meets only the grant it is meant for, and a fault comes after it', async () => {
    const emulator = await startEmulator()
    const hold = emulator.hold('token', { grant: 'refresh_token' })
    const { refresh_token: token = '' } = await signInToEmulator(emulator.issuer)
    emulator.fail('token', { status: 503 })
    const held = refreshAtEmulator(emulator.issuer, token)
    await hold.arrived
    hold.release()
    await expect(held).rejects.toThrow()
    expect(emulator.requests({ grant: 'refresh_token' })).toMatchObject([{ status: 503 }])
  })
})
