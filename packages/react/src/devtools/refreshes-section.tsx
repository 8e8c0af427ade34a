import type { ReactElement } from 'react'
import { type Refresh, refreshesOf } from './refreshes.ts'
import { Section } from './section.tsx'
import type { Devtools } from './use-devtools.ts'
import { timeOf } from './words.ts'

const shown = 8

/** Which tab refreshed, and for how long this one waited. */
export function RefreshesSection({ devtools }: { readonly devtools: Devtools }): ReactElement {
  const { entries, nowMs } = devtools
  const refreshes = refreshesOf(entries).slice(0, shown)
  return (
    <Section title="Refreshes">
      {refreshes.length === 0 ? (
        <p>None yet. Their row says which tab sent the request and how long this one waited for the lock.</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col">By</th>
              <th scope="col">Lock wait</th>
              <th scope="col">Requests</th>
              <th scope="col">Outcome</th>
            </tr>
          </thead>
          <tbody>
            {refreshes.map((refresh) => (
              <Row key={refresh.id} refresh={refresh} nowMs={nowMs} />
            ))}
          </tbody>
        </table>
      )}
    </Section>
  )
}

function Row({ refresh, nowMs }: { readonly refresh: Refresh; readonly nowMs: number }): ReactElement {
  const { atMs, by, waitedMs, requests, purpose, outcome } = refresh
  return (
    <tr>
      <td>{timeOf(atMs, nowMs)}</td>
      <td>{by === 'this-tab' ? 'this tab' : 'another tab'}</td>
      <td>{waitedMs === undefined ? '–' : `${Math.round(waitedMs)} ms`}</td>
      <td>{requests}</td>
      <td>{purpose ? `${outcome} for ${purpose}` : outcome}</td>
    </tr>
  )
}
