import { useTelnyxAuth, useTelnyxToken } from '@telnyx-oauth/react'
import type { JSX } from 'react'
import { Button } from '../../components/button.tsx'
import { CountdownRing } from '../../components/countdown-ring.tsx'
import { PageHeading } from '../../components/page-heading.tsx'
import { useAction } from '../../components/use-action.ts'
import { lastRenewal } from '../../events/last-renewal.ts'
import { useEventLog } from '../../events/use-event-log.ts'
import { RefreshProblem } from './refresh-problem.tsx'
import { RenewalSentence } from './renewal-sentence.tsx'
import { SessionFacts } from './session-facts.tsx'
import { tokenLifetimeMs } from './token-lifetime.ts'

interface SessionCardProps {
  readonly onSignOut: () => Promise<void>
}

/** The session at a glance: time left, how the token came here, refresh and sign-out. */
export function SessionCard({ onSignOut }: SessionCardProps): JSX.Element | null {
  const { sessionId, refresh } = useTelnyxAuth()
  const isRefreshing = useTelnyxAuth((auth) => auth.isRefreshing)
  const { token, expiresAtMs } = useTelnyxToken()
  const renewal = lastRenewal(useEventLog())
  const renew = useAction(refresh)
  const leave = useAction(onSignOut)
  if (token === undefined || sessionId === undefined) return null
  return (
    <section className="card session-card" aria-labelledby="session-title">
      <CountdownRing
        expiresAtMs={expiresAtMs}
        lifetimeMs={tokenLifetimeMs(renewal, expiresAtMs)}
        isRefreshing={isRefreshing}
      />
      <div className="session-words">
        <PageHeading id="session-title" title="You are signed in" />
        {renewal && <RenewalSentence renewal={renewal} />}
        <SessionFacts token={token} expiresAtMs={expiresAtMs} sessionId={sessionId} />
        <div className="actions">
          <Button kind="primary" isBusy={renew.isRunning} onClick={renew.run}>
            Refresh token
          </Button>
          <Button kind="secondary" isBusy={leave.isRunning} onClick={leave.run}>
            Sign out
          </Button>
        </div>
        <RefreshProblem failure={renew.failure} renewal={renewal} />
      </div>
    </section>
  )
}
