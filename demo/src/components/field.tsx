import { type JSX, type ReactNode, useId } from 'react'

/** What a native control of a field must have. */
export interface ControlProps {
  readonly id: string
  readonly 'aria-describedby': string | undefined
  readonly 'aria-invalid': true | undefined
}

interface FieldProps {
  readonly label: string
  /** What belongs in it. */
  readonly hint?: ReactNode
  /** What is wrong with what is in it: a sentence. */
  readonly problem?: string | undefined
  /** Renders the control. */
  readonly children: (control: ControlProps) => ReactNode
}

/** A control with its label, its hint and what is wrong with it, tied together for assistive technology. */
export function Field({ label, hint, problem, children }: FieldProps): JSX.Element {
  const id = useId()
  const describedBy = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ')
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {hint && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
      {children({
        id,
        'aria-describedby': describedBy || undefined,
        'aria-invalid': problem ? true : undefined,
      })}
      {problem && (
        <p id={`${id}-problem`} className="field-problem">
          {problem}
        </p>
      )}
    </div>
  )
}
