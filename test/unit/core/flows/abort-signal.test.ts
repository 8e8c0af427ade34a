import { describe, expect, test } from 'vitest'
import type { TelnyxAuth } from '../../../../packages/core/src/telnyx-auth.ts'
import { createScene, lifetimeMs } from '../../../support/scene.ts'
import { settle } from '../../../support/simulated-clock.ts'

const api = 'https://api.telnyx.com/v2/phone_numbers'
const resources = ['https://api.telnyx.com/v2', 'https://api.telnyx.com/v2/mcp']
const issuer = 'https://api.telnyx.com'
const never = (): Promise<never> => new Promise(() => {})

type Call = (auth: TelnyxAuth, signal: AbortSignal) => Promise<unknown>
const calls: readonly (readonly [title: string, call: Call])[] = [
  ['getAccessToken', (auth, signal) => auth.getAccessToken({ signal })],
  [
    'getAccessToken for a resource',
    (auth, signal) => auth.getAccessToken({ resource: resources[1] ?? '', signal }),
  ],
  ['fetch', (auth, signal) => auth.fetch(api, { signal })],
  ['fetch of a Request', (auth, signal) => auth.fetch(new Request(api, { signal }))],
]

describe('an aborted signal', () => {
  test.each(calls)('%s rejects while the first read of the storage hangs', async (_title, call) => {
    const scene = createScene()
    const tab = scene.open(undefined, { issuer, resource: resources })
    tab.storage.before(never)
    const stop = new AbortController()
    const result = call(tab.auth, stop.signal)
    stop.abort(new Error('left the page'))
    await expect(result).rejects.toThrow('left the page')
    expect(scene.server.requests).toEqual([])
  })

  test.each(calls)(
    '%s rejects while the storage does not store that the session is over',
    async (_title, call) => {
      const scene = createScene()
      const tab = await scene.signIn({ issuer, resource: resources, maxSessionMs: lifetimeMs / 2 })
      tab.storage.before(never)
      scene.clock.jump(lifetimeMs)
      const stop = new AbortController()
      const result = call(tab.auth, stop.signal)
      result.catch(() => {})
      await settle()
      stop.abort(new Error('left the page'))
      await expect(result).rejects.toThrow('left the page')
    },
  )
})

test('null is no signal, even beside a Request whose own is aborted', async () => {
  const { auth } = await createScene().signIn()
  expect(await auth.getAccessToken({ signal: null })).toBe('access-2')
  const request = new Request(api, { signal: AbortSignal.abort() })
  expect((await auth.fetch(request, { signal: null })).status).toBe(200)
})
