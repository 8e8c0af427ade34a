import { TelnyxAuthError } from './errors.ts'
import { listenToPopup, openPopup, type PopupOutcome, type PopupWindow } from './ports/popup-window.ts'
import type { SignInOptions, TelnyxAuth } from './telnyx-auth.ts'

/** What {@link signInWithPopup} takes beside the options of `signIn`. */
export interface PopupOptions extends Omit<SignInOptions, 'popup' | 'automatic'> {
  /** What to do when the browser blocks the window: reject, or sign in by redirect. @default 'reject' */
  readonly whenBlocked?: 'reject' | 'redirect'
  /** Width of the window in CSS pixels. @default 480 */
  readonly width?: number
  /** Height of the window in CSS pixels. @default 720 */
  readonly height?: number
  /** Gives up and closes the window. */
  readonly signal?: AbortSignal
}

/** Resolves when the window has reported; the session is in the store then. */
function finished(
  popup: PopupWindow,
  state: string,
  signal: AbortSignal | undefined,
): Promise<PopupOutcome | undefined> {
  return new Promise<PopupOutcome | undefined>((resolve, reject) => {
    const stops = [
      listenToPopup(state, (error) => end(() => resolve(error))),
      popup.onGone(() => end(() => reject(new TelnyxAuthError('popup_closed')))),
    ]
    const abort = () => end(() => reject(signal?.reason))
    const end = (settle: () => void) => {
      for (const stop of stops) stop()
      signal?.removeEventListener('abort', abort)
      settle()
    }
    signal?.addEventListener('abort', abort)
  })
}

/** Resolves when `auth` shows another session than `previous`. */
async function newSession(auth: TelnyxAuth, previous: string | undefined): Promise<void> {
  const isThere = () => {
    const snapshot = auth.getSnapshot()
    return snapshot.status === 'signed-in' && snapshot.sessionId !== previous
  }
  if (isThere()) return
  await new Promise<void>((resolve) => {
    const stop = auth.subscribe(() => {
      if (!isThere()) return
      stop()
      resolve()
    })
    // Its own news of the session may have been lost: a client that starts again looks into the store.
    auth.dispose()
    void auth.ready()
  })
}

/**
 * Signs in through a window of its own, so that this page stays as it is. Call it in a click. Needs storage that
 * windows share (`'indexeddb'`); the redirect URI must be a page of this app that calls `ready()`, which closes
 * the window.
 *
 * @throws {TelnyxAuthError} `popup_blocked`, `popup_closed`, or what went wrong in the window
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
  const before = auth.getSnapshot()
  const previous = before.status === 'signed-in' ? before.sessionId : undefined
  let outcome: Promise<PopupOutcome | undefined> | undefined
  try {
    const navigate = (url: string, state: string) => {
      outcome = finished(popup, state, signal)
      popup.navigate(url)
    }
    await auth.signIn({ ...signInOptions, popup: { navigate } })
    const error = await outcome
    if (error) throw new TelnyxAuthError(error.code, { server: error.server, phase: 'callback' })
    await newSession(auth, previous)
  } finally {
    popup.close()
  }
}
