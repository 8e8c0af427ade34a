import { expect, test } from 'vitest'
import type { ChannelMessage, ChannelPort } from '../../packages/core/src/ports/channel.ts'
import { createDeferred } from '../support/deferred.ts'

/** Makes the channel of another tab, under a name. */
export type CreateChannel = (name: string) => ChannelPort

const messageOf = (generation: number): ChannelMessage => ({ generation, sessionId: 'e' })

/** Listens until the message of generation `last` is there. @returns the generations that came */
function collect(channel: ChannelPort, last: number): Promise<readonly number[]> {
  const done = createDeferred<readonly number[]>()
  const generations: number[] = []
  channel.listen(({ generation }) => {
    generations.push(generation)
    if (generation === last) done.resolve(generations)
  })
  return done.promise
}

/** What every channel does. Call it inside a `describe`. */
export function testChannel(create: CreateChannel): void {
  const tabs = (count: number, name: string = crypto.randomUUID()): readonly ChannelPort[] =>
    Array.from({ length: count }, () => create(name))

  test('carries messages to every other tab, in order', async () => {
    const [sender, ...others] = tabs(3)
    sender?.listen(() => {})
    const heard = others.map((channel) => collect(channel, 3))
    for (const generation of [1, 2, 3]) sender?.post(messageOf(generation))
    expect(await Promise.all(heard)).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ])
    for (const channel of [sender, ...others]) channel?.close()
  })

  test('brings no message back to its sender', async () => {
    const [one, two] = tabs(2) as [ChannelPort, ChannelPort]
    const heard = collect(one, 9)
    two.listen(({ generation }) => generation === 1 && two.post(messageOf(9)))
    one.post(messageOf(1))
    expect(await heard).toEqual([9])
    for (const channel of [one, two]) channel.close()
  })

  test('of another name hears nothing', async () => {
    const [one, two] = tabs(2) as [ChannelPort, ChannelPort]
    const [stranger] = tabs(1) as [ChannelPort]
    const strange: number[] = []
    stranger.listen(({ generation }) => void strange.push(generation))
    const heard = collect(two, 1)
    one.listen(() => {})
    one.post(messageOf(1))
    await heard
    expect(strange).toEqual([])
    for (const channel of [one, two, stranger]) channel.close()
  })

  test('has one listener: the last one', async () => {
    const [one, two] = tabs(2) as [ChannelPort, ChannelPort]
    const early: number[] = []
    two.listen(({ generation }) => void early.push(generation))
    const heard = collect(two, 1)
    one.listen(() => {})
    one.post(messageOf(1))
    expect([await heard, early]).toEqual([[1], []])
    for (const channel of [one, two]) channel.close()
  })

  test('says what there is to say while nobody listens on it, and stays closed', async () => {
    const [silent, sender, witness] = tabs(3) as [ChannelPort, ChannelPort, ChannelPort]
    const missed: number[] = []
    silent.listen(({ generation }) => void missed.push(generation))
    silent.close()
    const first = collect(witness, 1)
    silent.post(messageOf(1))
    expect(await first).toEqual([1])
    const second = collect(witness, 2)
    sender.post(messageOf(2))
    expect(await second).toEqual([2])
    expect(missed).toEqual([])
    for (const channel of [silent, sender, witness]) channel.close()
  })

  test('that is closed hears nothing, and hears again when somebody listens', async () => {
    const [sender, closed, witness] = tabs(3) as [ChannelPort, ChannelPort, ChannelPort]
    const missed: number[] = []
    sender.listen(() => {})
    closed.listen(({ generation }) => void missed.push(generation))
    closed.close()
    closed.close()
    const first = collect(witness, 1)
    sender.post(messageOf(1))
    await first
    expect(missed).toEqual([])
    const again = collect(closed, 2)
    sender.post(messageOf(2))
    expect(await again).toEqual([2])
    for (const channel of [sender, closed, witness]) channel.close()
  })
}
