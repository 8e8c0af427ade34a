import { TelnyxAuthError } from './errors.ts'
import { unlessAborted } from './model/unless-aborted.ts'
import { openPopup, type PopupWindow } from './ports/popup-window.ts'
import type { SignInOptions, TelnyxAuth } from './telnyx-auth.ts'

/** What {@link signInWithPopup} takes beside the options of `signIn`. */
export interface PopupOptions extends Omit<SignInOptions, 'openUrl' | 'automatic'> {
  /** What to do when the browser blocks the window: reject, or sign in by redirect. @default 'reject' */
  readonly whenBlocked?: 'reject' | 'redirect'
  /** Width of the window in CSS pixels. @default 480 */
  readonly width?: number
  /** Height of the window in CSS pixels. @default 720 */
  readonly height?: number
  /** Gives up, and closes the window unless Cross-Origin-Opener-Policy has cut it off from this page. */
  readonly signal?: AbortSignal
}

/** Shows `url` in the window. @returns rejects with `popup_closed` when the user has closed it */
function show(popup: PopupWindow, url: string, signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stopWatching = popup.onGone(() => {
      stopWatching()
      reject(new TelnyxAuthError('popup_closed'))
    })
    signal.addEventListener('abort', stopWatching)
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
  const { whenBlocked = 'reject', width = 480, height = 720, ...signInOptions } = options
  const { signal } = options
  signal?.throwIfAborted()
  const popup = openPopup(width, height)
  if (!popup) {
    if (whenBlocked === 'redirect') return auth.signIn(signInOptions)
    throw new TelnyxAuthError('popup_blocked')
  }
  try {
    await unlessAborted(signal, () =>
      auth.signIn({ ...signInOptions, openUrl: (url, waiting) => show(popup, url, waiting.signal) }),
    )
  } finally {
    popup.close()
  }
}
