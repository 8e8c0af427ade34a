import { createContext, type JSX, type ReactNode, use, useCallback, useState } from 'react'
import { Button } from './button.tsx'
import { FailureNote } from './failure-note.tsx'

/** What came of something that was begun on a page which may be gone by now. */
export type Notice =
  | { readonly text: string }
  | {
      /** What did not work. */
      readonly text: string
      readonly error: unknown
    }

const NotifyContext = createContext<(notice: Notice) => void>(() => {})

/** Shows a notice on whatever page is shown now, in place of the one before. */
export function useNotify(): (notice: Notice) => void {
  return use(NotifyContext)
}

/** Shows the newest notice below its children until it is dismissed. */
export function Notices({ children }: { readonly children: ReactNode }): JSX.Element {
  const [notice, setNotice] = useState<Notice>()
  const notify = useCallback((next: Notice) => setNotice(next), [])
  return (
    <NotifyContext value={notify}>
      {children}
      <section className="notices" aria-label="Notices" aria-live="polite">
        {notice && (
          <div className="notice">
            <p>{notice.text}</p>
            {'error' in notice && <FailureNote error={notice.error} />}
            <Button kind="quiet" onClick={() => setNotice(undefined)}>
              Dismiss
            </Button>
          </div>
        )}
      </section>
    </NotifyContext>
  )
}
