/** The page this tab shows. */
export interface PagePort {
  /** The current URL. */
  readonly href: () => string
  /**
   * The URL that the page was loaded with, whatever a router has made of it since; empty where there is none.
   * https://developer.mozilla.org/docs/Web/API/PerformanceNavigationTiming
   */
  readonly loadedUrl: () => string
  /** Whether the page is a secure context: without one there is no WebCrypto. */
  readonly isSecure: () => boolean
  readonly isVisible: () => boolean
  /** Leaves for `url`. */
  readonly navigate: (url: string) => void
  /** Shows `url` in place of the current one, without loading it; routers hear of it if `announce` is set. */
  readonly replace: (url: string, announce?: boolean) => void
  /**
   * Calls `listener` when the page is shown again, comes back online or is no longer frozen, and `onFreeze` when
   * the browser freezes it. @returns stop listening
   */
  readonly onWake: (listener: (cause: 'visible' | 'online') => void, onFreeze: () => void) => () => void
  /** Calls `listener` when the person clicks, types or touches. @returns stop listening */
  readonly onActivity: (listener: () => void) => () => void
  /** What `remember` noted, in this tab alone, across reloads. */
  readonly recall: (key: string) => string | undefined
  /** Notes a value for this tab; `undefined` forgets it. Does nothing where `sessionStorage` is blocked. */
  readonly remember: (key: string, value: string | undefined) => void
}

const noteName = (key: string) => `telnyx-oauth-2 ${key}`

/** Workers and servers have no document: they count as visible. */
const isVisible = (): boolean => globalThis.document?.visibilityState !== 'hidden'

/** Opens listeners, where there is something to listen to, and closes them together. */
function listening() {
  const stop = new AbortController()
  return [
    (target: EventTarget | undefined, type: string, run: (event: Event) => void) =>
      target?.addEventListener?.(type, run, { signal: stop.signal, passive: true, capture: true }),
    () => stop.abort(),
  ] as const
}

/** The page of this browser tab; what a worker or a server has of it. */
export const browserPage: PagePort = {
  // A new page makes its `location` at the first look, and a start would wait for that; its `document` is there.
  href: () => globalThis.document?.URL ?? globalThis.location?.href ?? 'http://localhost',
  loadedUrl: () => globalThis.performance?.getEntriesByType?.('navigation')[0]?.name ?? '',
  isSecure: () => globalThis.isSecureContext === true,
  isVisible,
  navigate: (url) => location.assign(url),
  replace: (url, announce) => {
    history.replaceState(history.state, '', url)
    if (announce) dispatchEvent(new PopStateEvent('popstate', { state: history.state }))
  },
  onWake: (listener, onFreeze) => {
    const [listen, stop] = listening()
    const shown = (cause: 'visible' | 'online') => (event: Event) => {
      // A page that has just been loaded is shown too, but there is nothing that it could have missed.
      if (isVisible() && (event as PageTransitionEvent).persisted !== false) listener(cause)
    }
    listen(globalThis.document, 'visibilitychange', shown('visible'))
    listen(globalThis, 'pageshow', shown('visible'))
    listen(globalThis, 'online', shown('online'))
    // https://developer.chrome.com/docs/web-platform/page-lifecycle-api
    listen(globalThis.document, 'freeze', onFreeze)
    listen(globalThis.document, 'resume', () => listener('visible'))
    return stop
  },
  onActivity: (listener) => {
    const [listen, stop] = listening()
    for (const type of ['pointerdown', 'keydown']) listen(globalThis, type, listener)
    return stop
  },
  recall: (key) => {
    try {
      return sessionStorage.getItem(noteName(key)) ?? undefined
    } catch {
      return undefined
    }
  },
  remember: (key, value) => {
    try {
      if (value === undefined) sessionStorage.removeItem(noteName(key))
      else sessionStorage.setItem(noteName(key), value)
    } catch {
      // Blocked site data: only the loop breaker and `callback_interrupted` lose their memory.
    }
  },
}
