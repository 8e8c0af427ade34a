import { type Finding, isTelnyxAuthError } from '@telnyx-oauth/core'
import { developerHint } from '@telnyx-oauth/core/messages'
import { type ReactElement, useState } from 'react'
import { describePage, download, now } from './browser.ts'
import { createReport } from './report.ts'
import type { Devtools } from './use-devtools.ts'

interface Action {
  readonly name: string
  readonly label: string
  readonly isUsable: boolean
  /** @returns what to say when it is done */
  readonly act: () => string | Promise<string>
}

interface ActionsProps {
  readonly devtools: Devtools
  /** What a diagnosis found, if there was one. */
  readonly findings: readonly Finding[] | undefined
}

/** The buttons, and what became of the last one that was pressed. */
export function Actions({ devtools, findings }: ActionsProps): ReactElement {
  const [outcome, setOutcome] = useState('')
  const run = async ({ isUsable, act }: Action) => {
    if (!isUsable) return
    setOutcome('One moment…')
    try {
      setOutcome(await act())
    } catch (error) {
      setOutcome(isTelnyxAuthError(error) ? `${error.message}. ${developerHint(error)}` : String(error))
    }
  }
  return (
    <div className="actions">
      <div className="buttons">
        {actionsOf(devtools, findings).map((action) => (
          // A button that is merely said to be disabled keeps the focus of whoever has just pressed it.
          <button
            key={action.name}
            type="button"
            aria-disabled={!action.isUsable}
            onClick={() => void run(action)}
          >
            {action.label}
          </button>
        ))}
      </div>
      <p role="status">{outcome}</p>
    </div>
  )
}

function actionsOf(devtools: Devtools, findings: readonly Finding[] = []): readonly Action[] {
  const { status } = devtools.snapshot
  const isSignedIn = status === 'signed-in'
  const door = isSignedIn
    ? { label: 'Sign out', act: () => signOut(devtools) }
    : { label: 'Sign in', act: () => signIn(devtools) }
  return [
    { name: 'expire', label: 'Expire', isUsable: isSignedIn, act: () => expire(devtools) },
    { name: 'refresh', label: 'Refresh', isUsable: isSignedIn, act: () => refresh(devtools) },
    { name: 'door', ...door, isUsable: status !== 'pending' },
    { name: 'export', label: 'Export report', isUsable: true, act: () => exportReport(devtools, findings) },
  ]
}

function expire({ client }: Devtools): string {
  client.expire()
  return 'The token counts as expired in this tab: the next call that needs one renews it.'
}

async function refresh({ client }: Devtools): Promise<string> {
  await client.refresh()
  return 'There is a newer token.'
}

async function signIn({ client }: Devtools): Promise<string> {
  await client.signIn()
  return 'The page leaves for the server.'
}

async function signOut({ client }: Devtools): Promise<string> {
  const { revoked, reason } = await client.signOut()
  return revoked
    ? 'Signed out; the tokens are revoked.'
    : `Signed out; the tokens are not revoked: ${reason}.`
}

function exportReport({ snapshot, entries }: Devtools, findings: readonly Finding[]): string {
  const nowMs = now()
  const report = createReport({ snapshot, entries, findings, nowMs, page: describePage() })
  download(`telnyx-oauth-report-${nowMs}.json`, report)
  return 'The report is among the downloads. No token is in it.'
}
