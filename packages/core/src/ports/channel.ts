/** A hint that the store changed. Carries no token: receivers read the store again. */
export interface ChannelMessage {
  readonly generation: number
  readonly sessionId: string
}

/** Messages to the other tabs of this origin. Any may be lost. */
export interface ChannelPort {
  /** Also while nobody listens here: what a client stores after it was disposed of is news to the others. */
  readonly post: (message: ChannelMessage) => void
  /** Opens the channel for one listener, in place of an earlier one. */
  readonly listen: (listener: (message: ChannelMessage) => void) => void
  readonly close: () => void
}

/** BroadcastChannel, kept open while somebody listens; without it nothing is sent and nothing arrives. */
export function broadcastChannel(name: string): ChannelPort {
  let channel: BroadcastChannel | undefined
  return {
    post: (message) => {
      const open = channel ?? openChannel(name)
      open?.postMessage(message)
      if (!channel) open?.close()
    },
    listen: (listener) => {
      channel ??= openChannel(name)
      if (!channel) return
      channel.onmessage = ({ data }) => {
        // Another version of this library may say something else on this channel.
        if (typeof data?.sessionId === 'string' && typeof data.generation === 'number') listener(data)
      }
    },
    close: () => {
      channel?.close()
      channel = undefined
    },
  }
}

function openChannel(name: string): BroadcastChannel | undefined {
  if (typeof BroadcastChannel === 'undefined') return undefined
  const channel: BroadcastChannel & { readonly unref?: () => void } = new BroadcastChannel(name)
  // In Node an open channel would keep the process alive.
  channel.unref?.()
  return channel
}
