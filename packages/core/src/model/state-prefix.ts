/** How a `state` of ours begins, so that an app's own `?state=` is told apart. */
export const statePrefix = 'tx1.'
