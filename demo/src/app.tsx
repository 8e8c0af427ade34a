import { useTelnyxAuth } from '@telnyx-oauth/react'
import { type JSX, useState } from 'react'
import { Outlet } from 'react-router'
import { Shell } from './components/shell.tsx'
import type { ConsoleContext } from './console-context.ts'
import type { Farewell } from './pages/sign-in/farewell.ts'

/** The console: one frame, and in it the page of the address. */
export function App(): JSX.Element {
  const { sessionId, signOut } = useTelnyxAuth()
  const [farewell, setFarewell] = useState<Farewell>()
  const leave = async () => {
    setFarewell({ sessionId })
    setFarewell({ sessionId, result: await signOut() })
  }
  return (
    <Shell>
      <Outlet context={{ leave, farewell } satisfies ConsoleContext} />
    </Shell>
  )
}
