/** Milliseconds since 1970. */
export const now = (): number => Date.now()

/** Tells if this is a server, which has no session and never unmounts anything. */
export const isServer = (): boolean => typeof document === 'undefined'

/** Tells if the back button loaded the page that is shown: the user does not want to leave it for the server again. */
export function isBack(): boolean {
  const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  return entry?.type === 'back_forward' && entry.name === location.href
}
