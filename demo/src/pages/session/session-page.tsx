import { useTelnyxAuth } from '@telnyx-oauth/react'
import type { JSX } from 'react'
import { BalanceCard } from './balance-card.tsx'
import { EventLogCard } from './event-log-card.tsx'
import { ScopesCard } from './scopes-card.tsx'
import { SessionCard } from './session-card.tsx'
import { TabsCard } from './tabs-card.tsx'

interface SessionPageProps {
  readonly onSignOut: () => Promise<void>
}

/** Everything about the session of the person who is signed in. */
export function SessionPage({ onSignOut }: SessionPageProps): JSX.Element {
  const { sessionId } = useTelnyxAuth()
  return (
    <div className="session">
      <title>Signed in · Telnyx OAuth console</title>
      <SessionCard onSignOut={onSignOut} />
      <BalanceCard key={sessionId} />
      <TabsCard />
      <ScopesCard />
      <EventLogCard />
    </div>
  )
}
