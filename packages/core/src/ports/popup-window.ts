import { errorTable } from '../error-table.ts'
import { channelOf, type PopupMessage, type PopupOutcome, patienceMs, repeatMs } from './popup-report.ts'

/** Another version of this library may report what this one has no word for. */
function known({ code, server }: PopupOutcome): PopupOutcome {
  return { code: Object.hasOwn(errorTable, code) ? code : 'authorization_failed', server }
}

/** In the opener: waits for the report and acknowledges it. @returns stop waiting */
export function listenToPopup(
  state: string,
  onFinished: (error: PopupOutcome | undefined) => void,
): () => void {
  const channel = channelOf(state)
  channel.onmessage = ({ data }) => {
    if (data?.type !== 'finished') return
    const heard: PopupMessage = { type: 'heard' }
    channel.postMessage(heard)
    onFinished(data.error && known(data.error))
  }
  return () => channel.close()
}

/** Runs `work` once a window that seemed to be closed can report no more. */
export const afterPopup = (delayMs: number, work: () => void): void => void setTimeout(work, delayMs)

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
