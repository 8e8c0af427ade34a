/** A hint that the store changed. Carries no token: receivers read the store again. */
export interface ChannelMessage {
  readonly generation: number
  readonly epoch: string
}

/** Messages to the other tabs of this origin. Any may be lost. */
export interface ChannelPort {
  readonly post: (message: ChannelMessage) => void
  /** Opens the channel for one listener, in place of an earlier one. */
  readonly listen: (listener: (message: ChannelMessage) => void) => void
  readonly close: () => void
}

/** BroadcastChannel, open while somebody listens; without it nothing is sent and nothing arrives. */
export function broadcastChannel(name: string): ChannelPort {
  let channel: BroadcastChannel | undefined
  return {
    post: (message) => channel?.postMessage(message),
    listen: (listener) => {
      if (typeof BroadcastChannel === 'undefined') return
      channel ??= new BroadcastChannel(name)
      channel.onmessage = ({ data }) => {
        // Another version of this library may say something else on this channel.
        if (typeof data?.epoch === 'string' && typeof data.generation === 'number') listener(data)
      }
    },
    close: () => {
      channel?.close()
      channel = undefined
    },
  }
}
