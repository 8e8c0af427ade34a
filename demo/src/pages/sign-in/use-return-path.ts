import { useLocation } from 'react-router'

/** Where a sign-in that begins on this page shall end: here, unless this is where sign-ins come back to. */
export function useReturnPath(): string {
  const { pathname, search, hash } = useLocation()
  return pathname === '/callback' ? '/' : pathname + search + hash
}
