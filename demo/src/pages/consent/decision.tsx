import { createOAuthGrant } from '@telnyx-oauth/api'
import { type JSX, useState } from 'react'
import { asPerson } from '../../api.ts'
import { Button } from '../../components/button.tsx'
import { ProblemNote } from '../../components/problem-note.tsx'
import { useAction } from '../../components/use-action.ts'
import { ConsentFailure } from './consent-failure.tsx'
import { LEADS_ELSEWHERE } from './consent-problems.ts'
import { destinationInWords, leadsTo } from './redirect-target.ts'

interface DecisionProps {
  readonly token: string
  readonly name: string
  /** Where the app wants the person back, as the server has said. */
  readonly redirectUri: string | undefined
}

/** Allow or deny; then the browser goes back to the app, with a code or an error in the address. */
export function Decision({ token, name, redirectUri }: DecisionProps): JSX.Element {
  const [allowed, setAllowed] = useState<boolean>()
  const allow = useAction(() => decide(token, true, redirectUri))
  const deny = useAction(() => decide(token, false, redirectUri))
  const made = allowed ? allow : deny
  // After an answer the app's page is on its way: nothing is left to press here.
  const isBusy = made.isRunning || made.result === 'leaving'
  const choose = (choice: boolean) => {
    if (isBusy) return
    setAllowed(choice)
    void (choice ? allow : deny).run()
  }
  if (made.result === 'leads-elsewhere') return <ProblemNote problem={LEADS_ELSEWHERE} />
  return (
    <div className="consent-decision">
      <div className="actions">
        <Button kind="primary" isBusy={isBusy && allowed === true} onClick={() => choose(true)}>
          Allow
        </Button>
        <Button kind="secondary" isBusy={isBusy && allowed === false} onClick={() => choose(false)}>
          Deny
        </Button>
      </div>
      {redirectUri && (
        <p className="consent-way-back">
          Either way you go back to <strong>{destinationInWords(redirectUri)}</strong>. {name} never sees your
          password, and you can end its access under “Connected apps” whenever you like.
        </p>
      )}
      {made.failure && <ConsentFailure error={made.failure.error} onRetry={() => choose(allowed === true)} />}
    </div>
  )
}

/** Decides, and leaves for the app. The address with the consent token does not stay in the history. */
async function decide(
  token: string,
  allowed: boolean,
  said: string | undefined,
): Promise<'leaving' | 'leads-elsewhere'> {
  const { redirect_uri } = await asPerson((api) => createOAuthGrant(api, { consent_token: token, allowed }))
  if (!leadsTo(said, redirect_uri)) return 'leads-elsewhere'
  location.replace(redirect_uri)
  return 'leaving'
}
