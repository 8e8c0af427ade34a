import type { ReactElement } from 'react'
import { Section } from './section.tsx'
import { timelineOf } from './timeline.ts'
import type { Devtools } from './use-devtools.ts'
import { timeOf } from './words.ts'

/** The life of the tokens, as far as it was seen, up to the expiry of the one in use. */
export function TimelineSection({ devtools }: { readonly devtools: Devtools }): ReactElement {
  const { snapshot, entries, nowMs } = devtools
  const { fromMs, toMs, nowPosition, marks } = timelineOf(snapshot, entries, nowMs)
  return (
    <Section title="Expiry">
      <div className="timeline">
        <span className="passed" style={{ width: percent(nowPosition) }} />
        <ol>
          {marks.map(({ key, atMs, position, text, tone }) => (
            <li key={key} data-tone={tone} style={{ insetInlineStart: percent(position) }} title={text}>
              <span className="spoken">
                {timeOf(atMs, nowMs)}: {text}
              </span>
            </li>
          ))}
        </ol>
      </div>
      <p className="scale">
        <span>{timeOf(fromMs, nowMs)}</span>
        <span>{timeOf(toMs, nowMs)}</span>
      </p>
    </Section>
  )
}

const percent = (share: number): string => `${(share * 100).toFixed(2)}%`
