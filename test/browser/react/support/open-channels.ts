/** Counts the BroadcastChannels that are open. Call `restore` when the test is over. */
export interface OpenChannels {
  readonly count: () => number
  readonly restore: () => void
}

export function countOpenChannels(): OpenChannels {
  const open = new Set<BroadcastChannel>()
  const Original = globalThis.BroadcastChannel
  globalThis.BroadcastChannel = class extends Original {
    constructor(name: string) {
      super(name)
      open.add(this)
    }

    override close(): void {
      open.delete(this)
      super.close()
    }
  }
  return {
    count: () => open.size,
    restore: () => {
      globalThis.BroadcastChannel = Original
    },
  }
}
