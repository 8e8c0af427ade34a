import type { ReactElement } from 'react'
import { describeEvent, toneOf } from './describe-event.ts'
import { Section } from './section.tsx'
import type { Devtools } from './use-devtools.ts'
import { timeOf } from './words.ts'

/** Everything that the client told, newest first. */
export function EventsSection({ devtools }: { readonly devtools: Devtools }): ReactElement {
  const { entries, nowMs } = devtools
  return (
    <Section title="Events">
      {entries.length === 0 ? (
        <p>None since this panel listens.</p>
      ) : (
        <ol className="events">
          {entries.map(({ id, event }) => (
            <li key={id} data-tone={toneOf(event)}>
              <time>{timeOf(event.atMs, nowMs)}</time> <code>{event.type}</code> {describeEvent(event)}
            </li>
          ))}
        </ol>
      )}
    </Section>
  )
}
