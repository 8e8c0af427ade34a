import { type FormEvent, type JSX, type ReactNode, useEffect, useRef, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import type { Action } from '../../components/use-action.ts'
import { isOutcomeUnknown } from '../../words/api-problem.ts'
import { type FieldProblems, fieldProblems } from '../../words/field-problems.ts'
import { type ClientDraft, problemsOf } from './client-draft.ts'
import { ClientIdentity } from './client-identity.tsx'
import { ClientLinks } from './client-links.tsx'
import { ClientPermissions } from './client-permissions.tsx'

/** A part of the form: what stands in it, what is wrong with it, and how it is changed. */
export interface ClientFormPart {
  readonly draft: ClientDraft
  readonly problems: FieldProblems
  readonly change: (part: Partial<ClientDraft>) => void
}

interface ClientFormProps {
  readonly draft: ClientDraft
  readonly onChange: (draft: ClientDraft) => void
  /** What stands at Telnyx, of a client that exists. */
  readonly saved?: ClientDraft
  /** What the submit button does. */
  readonly action: string
  readonly submit: Pick<Action<unknown>, 'run' | 'isRunning' | 'failure'>
  /** What to bear in mind if it is not known whether it was done. */
  readonly doubt?: ReactNode
}

/** Every field of a client. What Telnyx would refuse is said at the field, before it is sent or after. */
export function ClientForm({ draft, onChange, saved, action, submit, doubt }: ClientFormProps): JSX.Element {
  const form = useRef<HTMLFormElement>(null)
  const [isTried, setIsTried] = useState(false)
  const error = submit.failure?.error
  const own = isTried ? problemsOf(draft, saved) : {}
  const problems = { ...fieldProblems(error), ...own }
  const part: ClientFormPart = { draft, problems, change: (next) => onChange({ ...draft, ...next }) }

  const send = (event: FormEvent) => {
    event.preventDefault()
    setIsTried(true)
    if (Object.keys(problemsOf(draft, saved)).length === 0) void submit.run()
    else requestAnimationFrame(() => focusFirstProblem(form.current))
  }
  useEffect(() => {
    if (error !== undefined) focusFirstProblem(form.current)
  }, [error])

  return (
    <form className="client-form" ref={form} noValidate onSubmit={send}>
      <Card title="Who it is">
        <ClientIdentity {...part} isNew={!saved} />
      </Card>
      <Card title="What it may do">
        <ClientPermissions {...part} />
      </Card>
      <Card title="What people read about it" about="All of it is optional, and shown when people are asked.">
        <ClientLinks {...part} />
      </Card>
      {error !== undefined && <FailureNote error={error}>{isOutcomeUnknown(error) && doubt}</FailureNote>}
      <div className="actions">
        <Button kind="primary" type="submit" isBusy={submit.isRunning}>
          {action}
        </Button>
        {Object.keys(own).length > 0 && (
          <p className="field-problem" role="status">
            {Object.keys(own).length === 1 ? 'One field needs' : `${Object.keys(own).length} fields need`} a
            second look.
          </p>
        )}
      </div>
    </form>
  )
}

function focusFirstProblem(form: HTMLFormElement | null): void {
  form?.querySelector<HTMLElement>('[aria-invalid]')?.focus()
}
