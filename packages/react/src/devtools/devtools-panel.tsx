import type { TelnyxAuth } from '@telnyx-oauth/core'
import { type KeyboardEvent, type ReactElement, type ReactNode, useRef, useState } from 'react'
import { Actions } from './actions.tsx'
import { DiagnosisSection } from './diagnosis-section.tsx'
import type { EventLog } from './event-log.ts'
import { EventsSection } from './events-section.tsx'
import { RefreshesSection } from './refreshes-section.tsx'
import { SessionSection } from './session-section.tsx'
import { Shadow } from './shadow.tsx'
import { StorageSection } from './storage-section.tsx'
import { TimelineSection } from './timeline-section.tsx'
import { type Devtools, useDevtools } from './use-devtools.ts'
import { type Diagnosis, useDiagnosis } from './use-diagnosis.ts'
import { stateOf } from './words.ts'

/** How the panel begins. */
export interface PanelOptions {
  readonly initiallyOpen: boolean
  readonly side: 'left' | 'right'
}

interface DevtoolsPanelProps extends PanelOptions {
  readonly client: TelnyxAuth
  readonly log: EventLog
}

/** The button in the corner of the window, and the panel that it opens. */
export function DevtoolsPanel({ client, log, initiallyOpen, side }: DevtoolsPanelProps): ReactElement {
  const devtools = useDevtools(client, log)
  const diagnosis = useDiagnosis(client)
  const [isOpen, setOpen] = useState(initiallyOpen)
  const toggle = useRef<HTMLButtonElement>(null)
  const closeOnEscape = ({ key }: KeyboardEvent) => {
    if (key !== 'Escape' || !isOpen) return
    setOpen(false)
    toggle.current?.focus()
  }
  const state = stateOf(devtools.snapshot, devtools.nowMs)
  return (
    <Shadow>
      <section
        className="devtools"
        data-side={side}
        aria-label="Telnyx OAuth devtools"
        onKeyDown={closeOnEscape}
      >
        <button
          ref={toggle}
          className="toggle"
          type="button"
          aria-expanded={isOpen}
          aria-controls="panel"
          onClick={() => setOpen(!isOpen)}
        >
          <span className="dot" data-state={state} />
          Telnyx OAuth: {state}
        </button>
        <div id="panel" className="panel" hidden={!isOpen}>
          {isOpen && <Panel devtools={devtools} diagnosis={diagnosis} />}
        </div>
      </section>
    </Shadow>
  )
}

interface PanelProps {
  readonly devtools: Devtools
  readonly diagnosis: Diagnosis
}

function Panel({ devtools, diagnosis }: PanelProps): ReactNode {
  return (
    <>
      <Actions devtools={devtools} findings={diagnosis.findings} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls it with the arrow keys */}
      <section className="sections" tabIndex={0} aria-label="What the client knows">
        <SessionSection devtools={devtools} />
        <TimelineSection devtools={devtools} />
        <RefreshesSection devtools={devtools} />
        <StorageSection devtools={devtools} findings={diagnosis.findings} />
        <DiagnosisSection diagnosis={diagnosis} />
        <EventsSection devtools={devtools} />
      </section>
    </>
  )
}
