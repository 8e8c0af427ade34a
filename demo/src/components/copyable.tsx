import { type JSX, useRef, useState } from 'react'
import { Button } from './button.tsx'

interface CopyableProps {
  readonly label: string
  readonly value: string
  readonly onCopied?: () => void
}

/** A value to be taken along, with a button that copies it. */
export function Copyable({ label, value, onCopied }: CopyableProps): JSX.Element {
  const shown = useRef<HTMLElement>(null)
  const [outcome, setOutcome] = useState('')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value)
      setOutcome('Copied')
      onCopied?.()
    } catch {
      if (shown.current) getSelection()?.selectAllChildren(shown.current)
      setOutcome('The browser does not allow that. It is selected now: copy it with the keyboard.')
    }
  }
  return (
    <div className="copyable">
      <p className="copyable-label">{label}</p>
      <code ref={shown}>{value}</code>
      <Button kind="secondary" onClick={copy}>
        Copy<span className="visually-hidden"> {label}</span>
      </Button>
      <p className="copyable-outcome" role="status">
        {outcome}
      </p>
    </div>
  )
}
