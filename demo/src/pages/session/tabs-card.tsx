import type { JSX } from 'react'
import { Card } from '../../components/card.tsx'
import { describeEvent } from '../../events/describe-event.ts'
import type { LogEntry } from '../../events/event-log.ts'
import { countTokenRequests } from '../../events/last-renewal.ts'
import { useEventLog } from '../../events/use-event-log.ts'
import { formatTime } from '../../words/time.ts'
import { TabList } from './tab-list.tsx'

/** What the tabs of one browser do together, and how to see it. */
export function TabsCard(): JSX.Element {
  const entries = useEventLog()
  const news = entries.find(({ event }) => describeEvent(event).fromOtherTab)
  return (
    <Card
      title="One session, every tab"
      about="The tabs of this browser share one session and renew it once."
    >
      <TabList />
      <a className="button button-secondary" href="/" target="_blank" rel="noopener">
        Open this page in a second tab
      </a>
      <ul className="experiments">
        <li>It is signed in at once, and sends no request.</li>
        <li>Refresh the token there: this tab takes the new one over.</li>
        <li>Sign out there: this tab is signed out too.</li>
      </ul>
      <dl className="facts">
        <div>
          <dt>Token requests by this tab</dt>
          <dd>{countTokenRequests(entries)} since it was loaded</dd>
        </div>
        <div>
          <dt>From other tabs</dt>
          <dd>
            <OtherTabNews entry={news} />
          </dd>
        </div>
      </dl>
    </Card>
  )
}

function OtherTabNews({ entry }: { readonly entry: LogEntry | undefined }): JSX.Element {
  if (!entry) return <>Nothing yet</>
  return (
    <>
      {describeEvent(entry.event).sentence} <time>{formatTime(entry.event.atMs)}</time>
    </>
  )
}
