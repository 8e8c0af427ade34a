import { TelnyxApiError } from '@telnyx-oauth/api'
import type { JSX } from 'react'
import { FailureNote } from '../../components/failure-note.tsx'
import { ProblemNote } from '../../components/problem-note.tsx'
import { explainProblem, type Problem } from '../../words/problem.ts'

interface ConsentFailureProps {
  readonly error: unknown
  readonly onRetry: () => void
}

/** Why a request could not be read or decided; one that is over cannot be tried again. */
export function ConsentFailure({ error, onRetry }: ConsentFailureProps): JSX.Element {
  const isOver = error instanceof TelnyxApiError && [404, 422].includes(error.status)
  if (isOver) return <ProblemNote problem={{ ...explainProblem(error), ...OVER }} />
  return <FailureNote error={error} onRetry={onRetry} />
}

// Telnyx does not say which of the three it is.
const OVER: Problem = {
  title: 'This request is over',
  message: 'It has expired, was decided already, or never was.',
  hint: 'Go back to the app that sent you here and begin again.',
}
