import { patienceMs, repeatMs } from './popup-report.ts'

/** A window that is open, as far as the opener can tell. */
export interface PopupWindow {
  readonly navigate: (url: string) => void
  /** Calls `onGone` when the person seems to have closed it, or when `close` was called. @returns stop looking */
  readonly onGone: (onGone: () => void) => () => void
  readonly close: () => void
}

/**
 * Opens an empty window; must be called in a click. @returns `undefined` if the browser blocked it
 */
export function openPopup(width: number, height: number): PopupWindow | undefined {
  const left = Math.round(screenX + (outerWidth - width) / 2)
  const top = Math.round(screenY + (outerHeight - height) / 2)
  const opened = open('', '', `popup,width=${width},height=${height},left=${left},top=${top}`)
  // Some blockers hand out a window that is closed already.
  if (!opened || opened.closed) return undefined
  let isClosed = false
  return {
    navigate: (url) => opened.location.replace(url),
    onGone: (onGone) => {
      let looks = 0
      const timer = setInterval(() => {
        // A window that COOP cut off counts as closed at once, so the person must be back here as well.
        looks = opened.closed && document.hasFocus() ? looks + 1 : 0
        if (isClosed || looks * repeatMs >= patienceMs) onGone()
      }, repeatMs)
      return () => clearInterval(timer)
    },
    close: () => {
      isClosed = true
      opened.close()
    },
  }
}
