import type { TelnyxAuthError } from '@telnyx-oauth/core'
import type { JSX } from 'react'
import { ProblemDetails } from '../../components/problem-note.tsx'
import { explainProblem } from '../../words/problem.ts'

/** Why nobody is signed in: a sign-in that failed, or a session that ended. */
export function SignInProblem({ error }: { readonly error: TelnyxAuthError }): JSX.Element {
  const problem = explainProblem(error)
  return (
    <div className="sign-in-problem" role="alert">
      <h1>{problem.title}</h1>
      <ProblemDetails problem={problem} />
    </div>
  )
}
