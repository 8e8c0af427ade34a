import { useTelnyxAuth } from '@telnyx-oauth/react'
import type { JSX, ReactNode } from 'react'
import { useLocation } from 'react-router'
import { config } from '../config.ts'
import { missingScope } from '../words/api-problem.ts'
import { explainProblem } from '../words/problem.ts'
import { Button } from './button.tsx'
import { ProblemNote } from './problem-note.tsx'
import { useAction } from './use-action.ts'

interface FailureNoteProps {
  readonly error: unknown
  /** Tries again; without it, there is no button for that. */
  readonly onRetry?: () => void
  readonly children?: ReactNode
}

/** What went wrong with a call, and the button that may mend it: try again, or sign in for the scope that lacks. */
export function FailureNote({ error, onRetry, children }: FailureNoteProps): JSX.Element {
  const scope = missingScope(error)
  return (
    <ProblemNote problem={explainProblem(error)}>
      {children}
      {(scope || onRetry) && (
        <div className="actions">
          {scope && <AskForScope scope={scope} />}
          {onRetry && (
            <Button kind="secondary" onClick={onRetry}>
              Try again
            </Button>
          )}
        </div>
      )}
    </ProblemNote>
  )
}

/** Signs in once more, for one scope in addition, and comes back to this page. */
function AskForScope({ scope }: { readonly scope: string }): JSX.Element {
  const { signIn } = useTelnyxAuth()
  const { pathname, search, hash } = useLocation()
  const wanted = [...new Set([...config.scope, ...scope.split(' ')])]
  const leave = useAction(() => signIn({ scope: wanted, returnTo: pathname + search + hash }))
  return (
    <>
      <Button kind="secondary" isBusy={leave.isRunning} onClick={leave.run}>
        Sign in with {scope} too
      </Button>
      {leave.failure && <ProblemNote problem={explainProblem(leave.failure.error)} />}
    </>
  )
}
