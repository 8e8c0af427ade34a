import { type JSX, useEffect, useRef, useState } from 'react'
import { Field } from '../../components/field.tsx'
import { CLIENT_TYPES, type ClientFilter, GRANT_TYPES } from './client-query.ts'
import { CLIENT_TYPE_WORDS, GRANT_TYPE_WORDS } from './client-words.ts'

interface ClientFilterFormProps {
  readonly filter: ClientFilter
  readonly onChange: (filter: ClientFilter) => void
}

const TYPING_PAUSE_MS = 250

/** Narrows the list down, as one types and chooses; always from the first page on. */
export function ClientFilterForm({ filter, onChange }: ClientFilterFormProps): JSX.Element {
  const change = (part: Partial<ClientFilter>) => onChange({ ...filter, ...part, page: 1 })
  const name = useTypedText(filter.name, (text) => change({ name: text }))
  return (
    <search className="filters">
      <Field label="Name contains">
        {(control) => <input {...control} type="search" value={name.text} onChange={name.onChange} />}
      </Field>
      <Field label="Type">
        {(control) => (
          <select
            {...control}
            value={filter.type}
            onChange={({ target }) =>
              change({ type: CLIENT_TYPES.find((type) => type === target.value) ?? '' })
            }
          >
            <option value="">Any type</option>
            {CLIENT_TYPES.map((type) => (
              <option key={type} value={type}>
                {CLIENT_TYPE_WORDS[type][0]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Grant type">
        {(control) => (
          <select
            {...control}
            value={filter.grant}
            onChange={({ target }) =>
              change({ grant: GRANT_TYPES.find((type) => type === target.value) ?? '' })
            }
          >
            <option value="">Any grant type</option>
            {GRANT_TYPES.map((type) => (
              <option key={type} value={type}>
                {GRANT_TYPE_WORDS[type][0]}
              </option>
            ))}
          </select>
        )}
      </Field>
    </search>
  )
}

/** Text that is reported when the person pauses, and that follows when it is changed from elsewhere. */
function useTypedText(value: string, report: (text: string) => void) {
  const [text, setText] = useState(value)
  const known = useRef(value)
  const latestReport = useRef(report)
  useEffect(() => {
    latestReport.current = report
  })
  useEffect(() => {
    if (value === known.current) return
    known.current = value
    setText(value)
  }, [value])
  useEffect(() => {
    const next = text.trim()
    if (next === known.current) return
    const timer = setTimeout(() => {
      known.current = next
      latestReport.current(next)
    }, TYPING_PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text])
  return {
    text,
    onChange: ({ target }: { readonly target: HTMLInputElement }) => setText(target.value),
  }
}
