import { type JSX, type ReactNode, useId } from 'react'

interface ChoicesProps {
  readonly legend: string
  readonly hint?: ReactNode
  /** What is wrong with what is chosen: a sentence. */
  readonly problem?: string | undefined
  /** {@link Choice}s. */
  readonly children: ReactNode
}

/** Radio buttons or checkboxes that belong together. */
export function Choices({ legend, hint, problem, children }: ChoicesProps): JSX.Element {
  const id = useId()
  const describedBy = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ')
  return (
    <fieldset className="choices" aria-describedby={describedBy || undefined}>
      <legend>{legend}</legend>
      {hint && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
      {children}
      {problem && (
        <p id={`${id}-problem`} className="field-problem">
          {problem}
        </p>
      )}
    </fieldset>
  )
}

interface ChoiceProps {
  readonly type: 'radio' | 'checkbox'
  readonly label: ReactNode
  readonly explanation?: string | undefined
  /** Of a radio button: the group it belongs to. */
  readonly name?: string
  readonly isChosen: boolean
  readonly isInvalid?: boolean
  readonly onChange: (isChosen: boolean) => void
}

/** One radio button or checkbox, with what choosing it means. */
export function Choice(props: ChoiceProps): JSX.Element {
  const { type, label, explanation, name, isChosen, isInvalid = false, onChange } = props
  const id = useId()
  return (
    <div className="choice">
      <input
        id={id}
        type={type}
        name={name}
        checked={isChosen}
        aria-describedby={explanation && `${id}-explanation`}
        aria-invalid={isInvalid || undefined}
        onChange={({ target }) => onChange(target.checked)}
      />
      <label htmlFor={id}>{label}</label>
      {explanation && (
        <p id={`${id}-explanation`} className="field-hint">
          {explanation}
        </p>
      )}
    </div>
  )
}
