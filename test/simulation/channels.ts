import type { ChannelMessage, ChannelPort } from '../../packages/core/src/ports/channel.ts'
import type { Actor, World } from './world.ts'

/** What happens to a message on its way. */
export type MessageFate = 'arrives' | 'is lost' | 'is late'

/** The one channel of one browser's pages. */
export interface Channels {
  readonly portFor: (actor: Actor) => ChannelPort
}

export interface ChannelOptions {
  readonly latencyMs: () => number
  readonly fate: () => MessageFate
}

const latestMs = 20_000

export function createChannels(world: World, { latencyMs, fate }: ChannelOptions): Channels {
  const listeners = new Map<Actor, (message: ChannelMessage) => void>()
  const portFor = (actor: Actor): ChannelPort => ({
    post: (message) => {
      if (actor.state === 'dead') return
      for (const [other] of listeners) {
        if (other === actor || other.state === 'dead') continue
        const outcome = fate()
        if (outcome === 'is lost') continue
        const delayMs = outcome === 'is late' ? world.random.between(100, latestMs) : latencyMs()
        const what = `hears of generation ${message.generation} of ${message.sessionId.slice(0, 4)}`
        world.later(other, what, delayMs, () => listeners.get(other)?.(message))
      }
    },
    listen: (listener) => listeners.set(actor, listener),
    close: () => listeners.delete(actor),
  })
  return { portFor }
}
