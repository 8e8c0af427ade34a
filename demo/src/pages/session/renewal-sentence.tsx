import type { JSX } from 'react'
import { useNow } from '../../components/use-now.ts'
import type { Renewal, RenewalSource } from '../../events/last-renewal.ts'
import { formatAgo, formatTime } from '../../words/time.ts'

const SENTENCES: Readonly<Record<RenewalSource, string>> = {
  callback: 'Signed in by this tab',
  storage: 'Restored from this browser, with no request sent',
  'signed-in-elsewhere': 'Signed in by another tab',
  'this-tab': 'Renewed by this tab',
  'other-tab': 'Renewed by another tab, with no request from here',
  replaced: 'Replaced by a sign-in in another tab',
}

/** How and when the token in use came to this tab. */
export function RenewalSentence({ renewal }: { readonly renewal: Renewal }): JSX.Element {
  const nowMs = useNow()
  const { source, atMs } = renewal
  return (
    <p className="renewal">
      {SENTENCES[source]},{' '}
      <time dateTime={new Date(atMs).toISOString()} title={formatTime(atMs)}>
        {formatAgo(atMs, nowMs)}
      </time>
    </p>
  )
}
