import { type ClientRegistration, registerOAuthClient } from '@telnyx-oauth/api'
import { type FormEvent, type JSX, useEffect, useRef, useState } from 'react'
import { publicApi } from '../../api.ts'
import { Button } from '../../components/button.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { PageHeading } from '../../components/page-heading.tsx'
import { useAction } from '../../components/use-action.ts'
import { fieldProblems } from '../../words/field-problems.ts'
import { BROWSER_APP, inputOf, problemsOf } from './registration-draft.ts'
import { RegistrationFields } from './registration-fields.tsx'
import { RegistrationResult } from './registration-result.tsx'
import '../../styles/clients.css'
import '../../styles/discovery.css'

/** Registers an app by itself (RFC 7591): nobody needs to be signed in. The answer is state of this page alone. */
export function RegisterPage(): JSX.Element {
  const [registration, setRegistration] = useState<ClientRegistration>()
  if (registration) {
    return <RegistrationResult registration={registration} onAgain={() => setRegistration(undefined)} />
  }
  return (
    <div className="page">
      <PageHeading title="Register an app">
        Apps can register themselves, without anybody’s account (RFC 7591): about five times an hour from one
        place, and for good. A client that you want to change or delete later is better made under OAuth
        clients.
      </PageHeading>
      <RegistrationForm onRegistered={setRegistration} />
    </div>
  )
}

interface RegistrationFormProps {
  readonly onRegistered: (registration: ClientRegistration) => void
}

function RegistrationForm({ onRegistered }: RegistrationFormProps): JSX.Element {
  const [draft, setDraft] = useState(BROWSER_APP)
  const [isTried, setIsTried] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const register = useAction(async () => onRegistered(await registerOAuthClient(publicApi, inputOf(draft))))
  const error = register.failure?.error
  const own = isTried ? problemsOf(draft) : {}

  const focusFirstProblem = () => form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setIsTried(true)
    if (Object.keys(problemsOf(draft)).length > 0) requestAnimationFrame(focusFirstProblem)
    else if (!register.isRunning) void register.run()
  }
  useEffect(() => {
    if (error !== undefined) focusFirstProblem()
  }, [error])

  return (
    <form className="client-form" ref={form} noValidate onSubmit={submit}>
      <RegistrationFields
        draft={draft}
        problems={{ ...fieldProblems(error), ...own }}
        change={(part) => setDraft({ ...draft, ...part })}
      />
      {error !== undefined && (
        <FailureNote error={error}>
          If no answer came, the app may be registered all the same: there is no list to look at.
        </FailureNote>
      )}
      <div className="actions">
        <Button kind="primary" type="submit" isBusy={register.isRunning}>
          Register
        </Button>
      </div>
    </form>
  )
}
