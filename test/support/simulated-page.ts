import { memoryPage } from '../../packages/core/src/ports/memory.ts'
import { appOrigin } from './simulated-browser.ts'

/** A page that a test hides, shows and takes offline, and that tells what was done to it. */
export type SimulatedPage = ReturnType<typeof memoryPage> & {
  /** Hides the page, or shows it again: its tab hears of that. */
  readonly setVisible: (visible: boolean) => void
  /** The connection is back. */
  readonly comeOnline: () => void
  /** A plain http origin on the network. */
  readonly setSecure: (secure: boolean) => void
}

/** @param note called with `navigate …` and `replace …`, before it happens */
export function createSimulatedPage(
  start: string = `${appOrigin}/`,
  note: (entry: string) => void = () => {},
): SimulatedPage {
  const page = memoryPage(start)
  const listeners = new Set<(cause: 'visible' | 'online') => void>()
  let isVisible = true
  let isSecure = true
  const wake = (cause: 'visible' | 'online') => {
    if (isVisible) for (const listener of [...listeners]) listener(cause)
  }
  return {
    ...page,
    isVisible: () => isVisible,
    isSecure: () => isSecure,
    navigate: (url) => {
      note(`navigate ${new URL(url, page.href()).pathname}`)
      page.navigate(url)
    },
    replace: (url, announce) => {
      const { pathname, search, hash } = new URL(url, page.href())
      note(`replace ${pathname}${search}${hash}`)
      page.replace(url, announce)
    },
    onWake: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    wake: () => wake('visible'),
    setVisible: (visible) => {
      isVisible = visible
      wake('visible')
    },
    comeOnline: () => wake('online'),
    setSecure: (secure) => {
      isSecure = secure
    },
  }
}
