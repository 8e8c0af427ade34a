import type { TokenEndpointAuthMethod } from '@telnyx-oauth/api'
import type { JSX } from 'react'
import { Card } from '../../components/card.tsx'
import { Choice, Choices } from '../../components/choices.tsx'
import { Field } from '../../components/field.tsx'
import type { FieldProblems } from '../../words/field-problems.ts'
import { GRANT_TYPES } from '../clients/client-query.ts'
import { GRANT_TYPE_WORDS } from '../clients/client-words.ts'
import { ScopeChoices } from '../clients/scope-choices.tsx'
import { toggled } from '../clients/toggled.ts'
import type { RegistrationDraft } from './registration-draft.ts'

const METHOD_WORDS: Readonly<Record<TokenEndpointAuthMethod, readonly [label: string, explanation: string]>> =
  {
    none: ['none', 'For apps in a browser or on a phone, which can keep no secret.'],
    client_secret_basic: ['client_secret_basic', 'For servers: a secret, in the Authorization header.'],
    client_secret_post: ['client_secret_post', 'For servers: a secret, in the body of the request.'],
  }

const TEXTS = [
  ['client_name', 'Name', 'text'],
  ['logo_uri', 'Address of its logo', 'url'],
  ['policy_uri', 'Address of its privacy policy', 'url'],
  ['tos_uri', 'Address of its terms of service', 'url'],
] as const

interface RegistrationFieldsProps {
  readonly draft: RegistrationDraft
  readonly problems: FieldProblems
  readonly change: (part: Partial<RegistrationDraft>) => void
}

/** Every member of a registration request. `response_types` follows from the grant types. */
export function RegistrationFields({ draft, problems, change }: RegistrationFieldsProps): JSX.Element {
  return (
    <>
      <Card title="Where it lives, and how it proves itself">
        <Field
          label="Redirect URIs"
          hint="One a line. People, and the code with them, are sent to these addresses and to no others."
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
        <Choices
          legend="How it authenticates at the token endpoint"
          problem={problems.token_endpoint_auth_method}
        >
          {(Object.keys(METHOD_WORDS) as TokenEndpointAuthMethod[]).map((method) => (
            <Choice
              key={method}
              type="radio"
              name="token_endpoint_auth_method"
              label={<code>{METHOD_WORDS[method][0]}</code>}
              explanation={METHOD_WORDS[method][1]}
              isChosen={draft.token_endpoint_auth_method === method}
              onChange={() => change({ token_endpoint_auth_method: method })}
            />
          ))}
        </Choices>
      </Card>
      <Card title="What it may do">
        <Choices legend="Grant types" problem={problems.grant_types}>
          {GRANT_TYPES.map((type) => (
            <Choice
              key={type}
              type="checkbox"
              label={GRANT_TYPE_WORDS[type][0]}
              explanation={GRANT_TYPE_WORDS[type][1]}
              isChosen={draft.grant_types.includes(type)}
              isInvalid={problems.grant_types !== undefined}
              onChange={(isChosen) => change({ grant_types: toggled(draft.grant_types, type, isChosen) })}
            />
          ))}
        </Choices>
        <ScopeChoices chosen={draft.scope} problem={problems.scope} onChange={(scope) => change({ scope })} />
      </Card>
      <Card title="What people read about it" about="All of it is optional.">
        {TEXTS.map(([name, label, type]) => (
          <Field key={name} label={label} problem={problems[name]}>
            {(control) => (
              <input
                {...control}
                type={type}
                autoComplete="off"
                value={draft[name]}
                onChange={({ target }) => change({ [name]: target.value })}
              />
            )}
          </Field>
        ))}
      </Card>
    </>
  )
}
