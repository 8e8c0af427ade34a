import type { SignOutResult } from '@telnyx-oauth/core'
import { useTelnyxAuth } from '@telnyx-oauth/react'
import type { JSX } from 'react'
import { BalanceCard } from './balance-card.tsx'
import { EventLogCard } from './event-log-card.tsx'
import { ScopesCard } from './scopes-card.tsx'
import { SessionCard } from './session-card.tsx'
import { TabsCard } from './tabs-card.tsx'

interface SessionPageProps {
  readonly onSignedOut: (result: SignOutResult) => void
}

/** Everything about the session of the person who is signed in. */
export function SessionPage({ onSignedOut }: SessionPageProps): JSX.Element {
  const { sessionId } = useTelnyxAuth()
  return (
    <div className="session">
      <title>Signed in · Telnyx OAuth console</title>
      <SessionCard onSignedOut={onSignedOut} />
      <BalanceCard key={sessionId} />
      <TabsCard />
      <ScopesCard />
      <EventLogCard />
    </div>
  )
}
