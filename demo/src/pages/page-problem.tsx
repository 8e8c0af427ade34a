import type { JSX } from 'react'
import { Button } from '../components/button.tsx'
import { PageHeading } from '../components/page-heading.tsx'

/** In place of a page that cannot be shown: its code did not come, or it made a mistake. */
export function PageProblem(): JSX.Element {
  return (
    <div className="page" role="alert">
      <PageHeading title="This page cannot be shown">
        Its code could not be loaded, or it made a mistake. Check the connection, then load it again. You stay
        signed in.
      </PageHeading>
      <div className="actions">
        <Button kind="primary" onClick={() => location.reload()}>
          Load the page again
        </Button>
      </div>
    </div>
  )
}
