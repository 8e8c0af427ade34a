/** What the browser says about itself. Only a diagnosis asks. */
export interface BrowserFacts {
  /** `false` means: certainly not. */
  readonly isOnline: () => boolean
  readonly hasLocks: () => boolean
  readonly hasChannel: () => boolean
  /** Whether one BroadcastChannel hears another, before `giveUp` is aborted. */
  readonly doChannelsWork: (giveUp: AbortSignal) => Promise<boolean>
  /** Whether site data is safe from eviction; `undefined` where the browser does not say. */
  readonly isPersisted: () => Promise<boolean | undefined>
  /** Whether a service worker answers requests of this page. */
  readonly isIntercepted: () => boolean
  /** Calls `listener` with each URL that the Content Security Policy forbids a request to. @returns stop listening */
  readonly onForbidden: (listener: (url: string) => void) => () => void
}

/** The facts of this browser tab; what a worker or a server has of them. */
export const browserFacts: BrowserFacts = {
  isOnline: () => globalThis.navigator?.onLine !== false,
  hasLocks: () => !!globalThis.navigator?.locks,
  hasChannel: () => typeof BroadcastChannel !== 'undefined',
  doChannelsWork: async (giveUp) => {
    const name = `telnyx-oauth-2 diagnosis ${crypto.randomUUID()}`
    const [speaker, listener] = [new BroadcastChannel(name), new BroadcastChannel(name)]
    try {
      return await new Promise<boolean>((resolve) => {
        giveUp.addEventListener('abort', () => resolve(false))
        listener.onmessage = () => resolve(true)
        speaker.postMessage('heard?')
      })
    } finally {
      speaker.close()
      listener.close()
    }
  },
  isPersisted: async () => globalThis.navigator?.storage?.persisted?.(),
  isIntercepted: () => !!globalThis.navigator?.serviceWorker?.controller,
  onForbidden: (listener) => {
    const stop = new AbortController()
    globalThis.document?.addEventListener?.(
      'securitypolicyviolation',
      ({ blockedURI, disposition }) => disposition === 'enforce' && listener(blockedURI),
      stop,
    )
    return () => stop.abort()
  },
}
