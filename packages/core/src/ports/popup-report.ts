import type { ServerAnswer, TelnyxAuthErrorCode } from '../errors.ts'

/** The reason for which a sign-in in another window failed. Carries no token, like the report of one that did not: the opener reads the store. */
export interface PopupOutcome {
  readonly code: TelnyxAuthErrorCode
  readonly server: ServerAnswer | undefined
}

/** What the two tell each other. */
export type PopupMessage =
  | { readonly type: 'finished'; readonly error?: PopupOutcome }
  | { readonly type: 'heard' }

export const repeatMs = 100
export const patienceMs = 2000

/**
 * The channel between opener and window. Same origin by nature, so no `postMessage` to check, and it works where
 * Cross-Origin-Opener-Policy has cut the two apart. The unguessable `state` is its name.
 */
export const channelOf = (state: string): BroadcastChannel =>
  new BroadcastChannel(`telnyx-oauth-2 popup ${state}`)

/** Reports the end of a sign-in until the page that waits for it has heard. @returns whether it has */
export async function reportOutcome(
  state: string,
  error: PopupOutcome | undefined,
  waitMs: number = patienceMs,
): Promise<boolean> {
  const channel = channelOf(state)
  const message: PopupMessage = { type: 'finished', ...(error && { error }) }
  const wasHeard = await new Promise<boolean>((resolve) => {
    const repeat = setInterval(() => channel.postMessage(message), repeatMs)
    const patience = setTimeout(() => finish(false), waitMs)
    const finish = (heard: boolean) => {
      clearInterval(repeat)
      clearTimeout(patience)
      resolve(heard)
    }
    channel.onmessage = ({ data }) => data?.type === 'heard' && finish(true)
    channel.postMessage(message)
  })
  channel.close()
  return wasHeard
}

/** In the window: reports until the opener has heard it, then closes the window. @returns whether it is closing */
export async function reportToOpener(state: string, error: PopupOutcome | undefined): Promise<boolean> {
  // The opener is gone, or the browser refuses: this page goes on as any other.
  if (!(await reportOutcome(state, error))) return false
  close()
  return globalThis.closed
}
