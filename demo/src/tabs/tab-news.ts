/** What a tab tells the other tabs about itself: nothing of the session but when it renewed the token. */
export interface TabNews {
  /** Made up when the page is loaded. */
  readonly id: string
  /** The page it shows, without query and fragment: a query may hold a code or a consent token. */
  readonly path: string
  /** Whether a person can see it. */
  readonly isVisible: boolean
  /** When the page was loaded, in milliseconds since 1970. */
  readonly openedAtMs: number
  /** When it last got a token from the server itself, in milliseconds since 1970; `null` if it never did. */
  readonly renewedAtMs: number | null
}

/** What tabs say to each other. */
export type TabMessage =
  | { readonly type: 'who-is-there' }
  | { readonly type: 'here'; readonly tab: TabNews }
  | { readonly type: 'gone'; readonly id: string }

/** Reads a message, which another version of this console may have sent. @returns undefined if it makes no sense */
export function readTabMessage(data: unknown): TabMessage | undefined {
  const { type, id, tab } = Object(data)
  if (type === 'who-is-there') return { type }
  if (type === 'gone' && typeof id === 'string') return { type, id }
  const news = type === 'here' ? readNews(tab) : undefined
  return news && { type: 'here', tab: news }
}

function readNews(tab: unknown): TabNews | undefined {
  const { id, path, isVisible, openedAtMs, renewedAtMs } = Object(tab)
  const isNews =
    typeof id === 'string' &&
    typeof path === 'string' &&
    typeof isVisible === 'boolean' &&
    typeof openedAtMs === 'number' &&
    (typeof renewedAtMs === 'number' || renewedAtMs === null)
  return isNews ? { id, path, isVisible, openedAtMs, renewedAtMs } : undefined
}
