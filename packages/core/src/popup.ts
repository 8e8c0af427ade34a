import { TelnyxAuthError } from './errors.ts'
import { unlessAborted } from './model/unless-aborted.ts'
import { afterPopup, listenToPopup, openPopup, type PopupWindow } from './ports/popup-window.ts'
import type { SignInOptions, TelnyxAuth } from './telnyx-auth.ts'

const transactionLifetimeMs = 600_000

/** What {@link signInWithPopup} takes beside the options of `signIn`. */
export interface PopupOptions extends Omit<SignInOptions, 'popup' | 'automatic'> {
  /** What to do when the browser blocks the window: reject, or sign in by redirect. @default 'reject' */
  readonly whenBlocked?: 'reject' | 'redirect'
  /** Width of the window in CSS pixels. @default 480 */
  readonly width?: number
  /** Height of the window in CSS pixels. @default 720 */
  readonly height?: number
  /** Gives up, and closes the window unless Cross-Origin-Opener-Policy has cut it off from this page. */
  readonly signal?: AbortSignal
}

/** Shows `url` in the window. @returns when it is over there: with the reason if nobody was signed in */
function visit(popup: PopupWindow, url: string, state: string): Promise<TelnyxAuthError | undefined> {
  return new Promise((resolve) => {
    const end = (error: TelnyxAuthError | undefined) => {
      stopListening()
      stopWatching()
      resolve(error)
    }
    const endClosed = () => {
      stopWatching()
      // Cross-Origin-Opener-Policy may only have cut it off: it closes once its report is heard.
      afterPopup(transactionLifetimeMs, stopListening)
      resolve(new TelnyxAuthError('popup_closed'))
    }
    const stopListening = listenToPopup(state, (outcome) =>
      end(outcome && new TelnyxAuthError(outcome.code, { server: outcome.server, phase: 'callback' })),
    )
    const stopWatching = popup.onGone(endClosed)
    popup.navigate(url)
  })
}

/**
 * Signs in through a window of its own, so that this page stays as it is; resolves when this page is signed in. Call
 * it in a click. Needs storage that windows share (`'indexeddb'`); the redirect URI must be a page of this app that
 * calls `ready()`, which closes the window.
 *
 * @throws {TelnyxAuthError} `popup_blocked`, `popup_closed`, what went wrong in the window, or what `signIn` throws
 * @throws the reason of `signal`
 */
export async function signInWithPopup(auth: TelnyxAuth, options: PopupOptions = {}): Promise<void> {
  const { whenBlocked = 'reject', width = 480, height = 720, signal, ...signInOptions } = options
  signal?.throwIfAborted()
  const popup = openPopup(width, height)
  if (!popup) {
    if (whenBlocked === 'redirect') return auth.signIn(signInOptions)
    throw new TelnyxAuthError('popup_blocked')
  }
  try {
    const through = { visit: (url: string, state: string) => visit(popup, url, state) }
    await unlessAborted(signal, () => auth.signIn({ ...signInOptions, popup: through }))
  } finally {
    popup.close()
  }
}
