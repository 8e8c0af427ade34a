import { useTelnyxAuth } from '@telnyx-oauth/react'
import type { JSX } from 'react'
import { ProblemNote } from '../../components/problem-note.tsx'
import type { Failure } from '../../components/use-action.ts'
import { pauseEndsAtMs, type Renewal } from '../../events/last-renewal.ts'
import { useEventLog } from '../../events/use-event-log.ts'
import { explainProblem } from '../../words/problem.ts'
import { formatTime } from '../../words/time.ts'

interface RefreshProblemProps {
  /** How the last click on the button failed. */
  readonly failure: Failure | undefined
  readonly renewal: Renewal | undefined
}

/** Why the token is not as fresh as it should be; gone as soon as a newer token is here. */
export function RefreshProblem({ failure, renewal }: RefreshProblemProps): JSX.Element | null {
  const { error } = useTelnyxAuth()
  const retryAtMs = pauseEndsAtMs(useEventLog())
  const isPast = failure && renewal && renewal.atMs >= failure.atMs
  const problem = error ?? (isPast ? undefined : failure?.error)
  if (problem === undefined) return null
  return (
    <ProblemNote problem={explainProblem(problem)}>
      You stay signed in.
      {retryAtMs !== undefined && ` The library does not ask again before ${formatTime(retryAtMs)}.`}
    </ProblemNote>
  )
}
