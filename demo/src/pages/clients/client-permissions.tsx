import type { JSX } from 'react'
import { Choice, Choices } from '../../components/choices.tsx'
import type { ClientFormPart } from './client-form.tsx'
import { GRANT_TYPES } from './client-query.ts'
import { GRANT_TYPE_WORDS } from './client-words.ts'
import { ScopeChoices } from './scope-choices.tsx'
import { toggled } from './toggled.ts'

/** Grant types, PKCE and scopes. */
export function ClientPermissions({ draft, problems, change }: ClientFormPart): JSX.Element {
  const { allowed_grant_types: grants, allowed_scopes: scopes } = draft
  return (
    <>
      <Choices legend="Grant types" problem={problems.allowed_grant_types}>
        {GRANT_TYPES.map((type) => (
          <Choice
            key={type}
            type="checkbox"
            label={GRANT_TYPE_WORDS[type][0]}
            explanation={GRANT_TYPE_WORDS[type][1]}
            isChosen={grants.includes(type)}
            isInvalid={problems.allowed_grant_types !== undefined}
            onChange={(isChosen) => change({ allowed_grant_types: toggled(grants, type, isChosen) })}
          />
        ))}
      </Choices>
      <Choices legend="Proof of possession" problem={problems.require_pkce}>
        <Choice
          type="checkbox"
          label="Require PKCE"
          explanation="A stolen code is of no use without the proof of who asked for it. Leave it on."
          isChosen={draft.require_pkce}
          onChange={(isChosen) => change({ require_pkce: isChosen })}
        />
      </Choices>
      <ScopeChoices
        chosen={scopes}
        problem={problems.allowed_scopes}
        onChange={(allowed_scopes) => change({ allowed_scopes })}
      />
    </>
  )
}
