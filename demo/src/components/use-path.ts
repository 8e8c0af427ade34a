import { useSyncExternalStore } from 'react'

/** The path of the page, also after a sign-in has put back the address it started from. */
export function usePath(): string {
  return useSyncExternalStore(subscribe, () => location.pathname)
}

function subscribe(listener: () => void): () => void {
  addEventListener('popstate', listener)
  return () => removeEventListener('popstate', listener)
}
