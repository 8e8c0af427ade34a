import { type JSX, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { describeEvent } from '../../events/describe-event.ts'
import type { LogEntry } from '../../events/event-log.ts'
import { useEventLog } from '../../events/use-event-log.ts'
import { formatTime } from '../../words/time.ts'

const SHOWN_AT_FIRST = 8

/** What has happened since the page was loaded, newest first. */
export function EventLogCard(): JSX.Element {
  const entries = useEventLog()
  const [isLong, setIsLong] = useState(false)
  const shown = isLong ? entries : entries.slice(0, SHOWN_AT_FIRST)
  return (
    <Card
      title="Event log"
      about="What the library reports through onEvent since this page was loaded. It holds no token and may be logged as it is."
      className="card-wide"
    >
      <div className="events" role="log" aria-label="Events, newest first">
        <ol>
          {shown.map((entry) => (
            <EventLine key={entry.id} entry={entry} />
          ))}
        </ol>
      </div>
      {entries.length > SHOWN_AT_FIRST && (
        <Button kind="quiet" onClick={() => setIsLong(!isLong)}>
          {isLong ? `Show the newest ${SHOWN_AT_FIRST}` : `Show all ${entries.length} events`}
        </Button>
      )}
    </Card>
  )
}

function EventLine({ entry }: { readonly entry: LogEntry }): JSX.Element {
  const { event } = entry
  const { sentence, tone, fromOtherTab } = describeEvent(event)
  return (
    <li className={`event event-${tone}`}>
      <time dateTime={new Date(event.atMs).toISOString()}>{formatTime(event.atMs)}</time>
      <code>{event.type}</code>
      <span>{sentence}</span>
      {fromOtherTab && <span className="badge">other tab</span>}
    </li>
  )
}
