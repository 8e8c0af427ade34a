/** How a `state` of ours begins, so that an app's own `?state=` is told apart. */
export const statePrefix = 'tx1.'

/** Names the note in a tab on the `state` of the sign-in that it left for last, of whichever client. */
export const leftNote = 'left'

/** Names the note in a tab on the `state` of the sign-out that it left for. */
export const signOutNote = 'sign-out'
