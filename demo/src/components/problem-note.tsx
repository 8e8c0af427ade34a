import type { JSX, ReactNode } from 'react'
import type { Problem } from '../words/problem.ts'

interface ProblemNoteProps {
  readonly problem: Problem
  /** What still holds in spite of it, or what to press. */
  readonly children?: ReactNode
}

/** What went wrong, what to do, the code and the server's words: all of it as text. */
export function ProblemNote({ problem, children }: ProblemNoteProps): JSX.Element {
  return (
    <div className="problem" role="alert">
      <p className="problem-title">{problem.title}</p>
      <ProblemDetails problem={problem} />
      {children && <div>{children}</div>}
    </div>
  )
}

/** The lines below a problem's title. */
export function ProblemDetails({ problem }: { readonly problem: Problem }): JSX.Element {
  const { message, hint, code, requestId, serverWords } = problem
  return (
    <>
      <p>{message}</p>
      {hint && (
        <p>
          <strong>What to do:</strong> {hint}
        </p>
      )}
      {serverWords && (
        <p className="problem-aside">
          The server said: <q>{serverWords}</q>
        </p>
      )}
      {code && (
        <p className="problem-aside">
          Code <code>{code}</code>
          {requestId && (
            <>
              , request <code>{requestId}</code>
            </>
          )}
        </p>
      )}
    </>
  )
}
