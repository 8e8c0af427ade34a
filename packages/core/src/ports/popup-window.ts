import { errorTable } from '../error-table.ts'
import type { ServerAnswer, TelnyxAuthErrorCode } from '../errors.ts'

/** Why a sign-in in another window failed. Carries no token, like the report of one that did not: the opener reads the store. */
export interface PopupOutcome {
  readonly code: TelnyxAuthErrorCode
  readonly server: ServerAnswer | undefined
}

type Message = { readonly type: 'finished'; readonly error?: PopupOutcome } | { readonly type: 'heard' }

const repeatMs = 100
const patienceMs = 2000

/**
 * The channel between opener and window. Same origin by nature, so no `postMessage` to check, and it works where
 * Cross-Origin-Opener-Policy has cut the two apart. The unguessable `state` is its name.
 */
const channelOf = (state: string): BroadcastChannel => new BroadcastChannel(`telnyx-oauth-2 popup ${state}`)

/** In the window: reports until the opener has heard it, then closes the window. @returns whether it is closing */
export async function reportToOpener(state: string, error: PopupOutcome | undefined): Promise<boolean> {
  const channel = channelOf(state)
  const message: Message = { type: 'finished', ...(error && { error }) }
  const wasHeard = await new Promise<boolean>((resolve) => {
    const repeat = setInterval(() => channel.postMessage(message), repeatMs)
    const patience = setTimeout(() => finish(false), patienceMs)
    const finish = (heard: boolean) => {
      clearInterval(repeat)
      clearTimeout(patience)
      resolve(heard)
    }
    channel.onmessage = ({ data }) => data?.type === 'heard' && finish(true)
    channel.postMessage(message)
  })
  channel.close()
  // The opener is gone, or the browser refuses: this page goes on as any other.
  if (!wasHeard) return false
  close()
  return globalThis.closed
}

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
    const heard: Message = { type: 'heard' }
    channel.postMessage(heard)
    onFinished(data.error && known(data.error))
  }
  return () => channel.close()
}

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
