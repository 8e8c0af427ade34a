import { type Introspection, introspectToken } from '@telnyx-oauth/api'
import { type FormEvent, type JSX, useState } from 'react'
import { publicApi } from '../../api.ts'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { Field } from '../../components/field.tsx'
import { ScopeList } from '../../components/scope-list.tsx'
import { useAction } from '../../components/use-action.ts'
import { FactList } from './fact-list.tsx'

interface IntrospectionCardProps {
  readonly token: string
}

/** Asks the server about a token, in the name of a confidential client. */
export function IntrospectionCard({ token }: IntrospectionCardProps): JSX.Element {
  const [clientId, setClientId] = useState('')
  const [clientSecret, setClientSecret] = useState('')
  const ask = useAction(() =>
    introspectToken(publicApi, { client_id: clientId, client_secret: clientSecret }, token),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!ask.isRunning) void ask.run()
  }
  return (
    <Card
      title="What the server says of it"
      about="Only confidential clients may ask (RFC 7662), five times a minute each."
      className="document-card"
    >
      <p className="warning">
        A client secret belongs on a server. Paste one here only to try things out: it is kept in the memory
        of this page alone, goes to Telnyx and nowhere else, and is gone when you leave.
      </p>
      <form className="credentials" onSubmit={submit}>
        <Field label="Client id">
          {(control) => (
            <input
              {...control}
              required
              autoComplete="off"
              spellCheck={false}
              value={clientId}
              onChange={({ target }) => setClientId(target.value.trim())}
            />
          )}
        </Field>
        <Field label="Client secret">
          {(control) => (
            <input
              {...control}
              required
              type="password"
              autoComplete="off"
              value={clientSecret}
              onChange={({ target }) => setClientSecret(target.value.trim())}
            />
          )}
        </Field>
        <div className="actions">
          <Button kind="primary" type="submit" isBusy={ask.isRunning}>
            Ask about the token
          </Button>
        </div>
      </form>
      {ask.failure && <FailureNote error={ask.failure.error} />}
      {ask.result && <Answer answer={ask.result} />}
    </Card>
  )
}

function Answer({ answer }: { readonly answer: Introspection }): JSX.Element {
  if (!answer.active) {
    return (
      <p role="status" className="verdict verdict-bad">
        The token is not good: it has expired, was revoked, belongs to somebody else, or never was one.
      </p>
    )
  }
  return (
    <>
      <p role="status" className="verdict verdict-good">
        The token is good.
      </p>
      {answer.scope && <ScopeList scopes={answer.scope.split(' ').filter(Boolean)} />}
      <FactList members={answer} />
    </>
  )
}
