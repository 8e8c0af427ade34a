import type { JSX } from 'react'
import { auth } from '../../auth.ts'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { Field } from '../../components/field.tsx'
import { useAction } from '../../components/use-action.ts'
import { firstCharacters } from '../../words/secret.ts'

/** The token to look at. That of the session is used, but not shown. */
export interface ChosenToken {
  readonly value: string
  readonly isOfSession: boolean
}

interface TokenChoiceProps {
  readonly token: ChosenToken
  readonly onChange: (token: ChosenToken) => void
}

/** Where a token is pasted, or that of this session is taken. */
export function TokenChoice({ token, onChange }: TokenChoiceProps): JSX.Element {
  const take = useAction(async () => onChange({ value: await auth.getAccessToken(), isOfSession: true }))
  return (
    <Card
      title="Which token"
      about="It stays in this page: not in its address, not in any storage, and gone when you leave."
      className="document-card"
    >
      {token.isOfSession ? (
        <p role="status">
          The access token of this session, <code>{firstCharacters(token.value)}</code> {token.value.length}{' '}
          characters.
        </p>
      ) : (
        <Field label="Token" hint="An access token or an ID token, as it came from the server.">
          {(control) => (
            <textarea
              {...control}
              rows={3}
              autoComplete="off"
              spellCheck={false}
              value={token.value}
              onChange={({ target }) => onChange({ value: target.value.trim(), isOfSession: false })}
            />
          )}
        </Field>
      )}
      <div className="actions">
        {token.isOfSession ? (
          <Button kind="secondary" onClick={() => onChange({ value: '', isOfSession: false })}>
            Paste another token
          </Button>
        ) : (
          <Button kind="secondary" isBusy={take.isRunning} onClick={take.run}>
            Use the token of this session
          </Button>
        )}
      </div>
      {take.failure && <FailureNote error={take.failure.error} />}
    </Card>
  )
}
