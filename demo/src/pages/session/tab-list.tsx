import { type JSX, useSyncExternalStore } from 'react'
import { useNow } from '../../components/use-now.ts'
import { consoleTabs } from '../../tabs/console-tabs.ts'
import type { TabNews } from '../../tabs/tab-news.ts'
import { formatAgo, formatTime } from '../../words/time.ts'
import { pages } from '../pages.ts'

/** The tabs of this browser that show the console: which can be seen, and which got the token. */
export function TabList(): JSX.Element {
  const tabs = useSyncExternalStore(consoleTabs.subscribe, consoleTabs.getTabs)
  const nowMs = useNow()
  const newestAtMs = Math.max(...tabs.map(({ renewedAtMs }) => renewedAtMs ?? 0))
  return (
    <div className="tabs">
      <h3 id="tabs-title">{tabs.length === 1 ? '1 tab is open' : `${tabs.length} tabs are open`}</h3>
      <ul aria-labelledby="tabs-title">
        {tabs.map((tab) => (
          <li key={tab.id} className={tab.isVisible ? 'tab' : 'tab tab-hidden'}>
            <span>
              <strong>{nameOf(tab.path)}</strong>
              {tab.id === consoleTabs.ownId && <span className="badge">this tab</span>}
              {newestAtMs > 0 && tab.renewedAtMs === newestAtMs && (
                <span className="badge">refreshed last</span>
              )}
            </span>
            <span className="tab-facts">{factsOf(tab, nowMs)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}

function factsOf({ isVisible, openedAtMs, renewedAtMs }: TabNews, nowMs: number): string {
  return [
    isVisible ? 'Visible' : 'Hidden',
    `opened at ${formatTime(openedAtMs)}`,
    renewedAtMs === null ? 'asked for no token' : `got a token ${formatAgo(renewedAtMs, nowMs)}`,
  ].join(', ')
}

function nameOf(path: string): string {
  return pages.find((page) => page.path === path)?.link ?? path
}
