import type { JSX } from 'react'
import { Field } from '../../components/field.tsx'
import { LINKS } from './client-draft.ts'
import type { ClientFormPart } from './client-form.tsx'

const LABELS: Readonly<Record<(typeof LINKS)[number], string>> = {
  logo_uri: 'Address of its logo',
  policy_uri: 'Address of its privacy policy',
  tos_uri: 'Address of its terms of service',
}

/** Logo, privacy policy and terms. */
export function ClientLinks({ draft, problems, change }: ClientFormPart): JSX.Element {
  return (
    <>
      {LINKS.map((link) => (
        <Field key={link} label={LABELS[link]} problem={problems[link]}>
          {(control) => (
            <input
              {...control}
              type="url"
              value={draft[link]}
              onChange={({ target }) => change({ [link]: target.value })}
            />
          )}
        </Field>
      ))}
    </>
  )
}
