import { useTelnyxAuth } from '@telnyx-oauth/react'
import type { JSX } from 'react'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { ProblemNote } from '../../components/problem-note.tsx'
import { ScopeList } from '../../components/scope-list.tsx'
import { useAction } from '../../components/use-action.ts'
import { config } from '../../config.ts'
import { explainProblem } from '../../words/problem.ts'
import type { Farewell } from './farewell.ts'
import { Invitation } from './invitation.tsx'
import { SignInProblem } from './sign-in-problem.tsx'
import { SignInSteps } from './sign-in-steps.tsx'

interface SignInPageProps {
  /** The last sign-out that was asked for here, if there was one. */
  readonly farewell: Farewell | undefined
}

/** What a signed-out person sees: one button, what will be asked, and why the last session ended. */
export function SignInPage({ farewell }: SignInPageProps): JSX.Element {
  const { error, signIn } = useTelnyxAuth()
  const leave = useAction(() => signIn())
  const host = new URL(config.issuer).host
  return (
    <div className="sign-in">
      <title>{error ? 'Not signed in · Telnyx OAuth console' : 'Sign in · Telnyx OAuth console'}</title>
      <div className="sign-in-words">
        {error ? <SignInProblem error={error} /> : <Invitation farewell={farewell} />}
        {error?.code === 'newer_version' ? (
          <Button kind="primary" onClick={() => location.reload()}>
            Reload the page
          </Button>
        ) : (
          <Button kind="primary" isBusy={leave.isRunning} onClick={leave.run}>
            {error ? 'Sign in again' : 'Sign in with Telnyx'}
          </Button>
        )}
        <p className="sign-in-aside">
          You will be asked at <strong>{host}</strong> and come back here. This page never sees your password.
        </p>
        {leave.failure && <ProblemNote problem={explainProblem(leave.failure.error)} />}
      </div>
      <Card title="This app will ask to" className="card-asking">
        <ScopeList scopes={config.scope} />
      </Card>
      <SignInSteps />
    </div>
  )
}
