import type { JSX } from 'react'
import { Choice, Choices } from '../../components/choices.tsx'
import { Field } from '../../components/field.tsx'
import type { ClientFormPart } from './client-form.tsx'
import { CLIENT_TYPES } from './client-query.ts'
import { CLIENT_TYPE_WORDS } from './client-words.ts'

interface ClientIdentityProps extends ClientFormPart {
  readonly isNew: boolean
}

/** Name, type and addresses. */
export function ClientIdentity({ draft, problems, change, isNew }: ClientIdentityProps): JSX.Element {
  return (
    <>
      <Field label="Name" hint="People read it when they are asked for access." problem={problems.name}>
        {(control) => (
          <input
            {...control}
            required
            autoComplete="off"
            value={draft.name}
            onChange={({ target }) => change({ name: target.value })}
          />
        )}
      </Field>
      {isNew && (
        <Choices legend="Type" hint="It cannot be changed later." problem={problems.client_type}>
          {CLIENT_TYPES.toReversed().map((type) => (
            <Choice
              key={type}
              type="radio"
              name="client_type"
              label={CLIENT_TYPE_WORDS[type][0]}
              explanation={CLIENT_TYPE_WORDS[type][1]}
              isChosen={draft.client_type === type}
              onChange={() => change({ client_type: type })}
            />
          ))}
        </Choices>
      )}
      <Field
        label="Redirect URIs"
        hint="One a line. Telnyx sends people, and the code with them, to these addresses and to no others."
        problem={problems.redirect_uris}
      >
        {(control) => (
          <textarea
            {...control}
            rows={3}
            spellCheck={false}
            placeholder="https://app.example.com/callback"
            value={draft.redirect_uris}
            onChange={({ target }) => change({ redirect_uris: target.value })}
          />
        )}
      </Field>
    </>
  )
}
