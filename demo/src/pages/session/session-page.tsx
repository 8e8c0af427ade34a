import { useTelnyxAuth } from '@telnyx-oauth/react'
import type { JSX } from 'react'
import { useConsole } from '../../console-context.ts'
import { BalanceCard } from './balance-card.tsx'
import { EventLogCard } from './event-log-card.tsx'
import { ScopesCard } from './scopes-card.tsx'
import { SessionCard } from './session-card.tsx'
import { TabsCard } from './tabs-card.tsx'
import '../../styles/session.css'
import '../../styles/event-log.css'

/** Everything about the session of the person who is signed in. */
export function SessionPage(): JSX.Element {
  const { leave } = useConsole()
  const { sessionId } = useTelnyxAuth()
  return (
    <div className="session">
      <SessionCard onSignOut={leave} />
      <BalanceCard key={sessionId} />
      <TabsCard />
      <ScopesCard />
      <EventLogCard />
    </div>
  )
}
