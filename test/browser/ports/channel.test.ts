import { describe, expect, test } from 'vitest'
import { broadcastChannel } from '../../../packages/core/src/ports/channel.ts'
import { testChannel } from '../../port-contracts/channel.ts'
import { createDeferred } from '../../support/deferred.ts'

describe('a BroadcastChannel', () => {
  testChannel(broadcastChannel)

  test('passes over whatever else is said on it', async () => {
    const name = crypto.randomUUID()
    const channel = broadcastChannel(name)
    const heard: unknown[] = []
    const last = createDeferred()
    channel.listen((message) => {
      heard.push(message)
      last.resolve()
    })
    const stranger = new BroadcastChannel(name)
    for (const garbage of [
      undefined,
      null,
      'text',
      7,
      {},
      { sessionId: 1, generation: 1 },
      { sessionId: 'e' },
    ]) {
      stranger.postMessage(garbage)
    }
    stranger.postMessage({ sessionId: 'e', generation: 1 })
    await last.promise
    expect(heard).toEqual([{ sessionId: 'e', generation: 1 }])
    stranger.close()
    channel.close()
  })
})
