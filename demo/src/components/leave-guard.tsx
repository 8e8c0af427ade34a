import { type JSX, type ReactNode, useCallback } from 'react'
import { useBeforeUnload, useBlocker } from 'react-router'
import { ConfirmDialog } from './confirm-dialog.tsx'

interface LeaveGuardProps {
  /** Whether leaving now would lose something; asked when somebody leaves. */
  readonly isNeeded: () => boolean
  /** A question. */
  readonly title: string
  /** What the button does that leaves all the same. */
  readonly action: string
  /** What would be lost. */
  readonly children: ReactNode
}

/** Asks before the page is left and something with it; for other sites and reloads the browser asks, in its words. */
export function LeaveGuard({ isNeeded, title, action, children }: LeaveGuardProps): JSX.Element | null {
  const blocker = useBlocker(({ currentLocation, nextLocation }) => {
    return currentLocation.pathname !== nextLocation.pathname && isNeeded()
  })
  useBeforeUnload(
    useCallback(
      (event) => {
        if (isNeeded()) event.preventDefault()
      },
      [isNeeded],
    ),
  )
  if (blocker.state !== 'blocked') return null
  return (
    <ConfirmDialog title={title} action={action} onConfirm={blocker.proceed} onClose={blocker.reset}>
      {children}
    </ConfirmDialog>
  )
}
