import type { JSX } from 'react'
import { EmptyState } from '../../components/empty-state.tsx'

/** In place of an empty list: how an app gets into it. */
export function NoApps(): JSX.Element {
  return (
    <EmptyState title="No app may use your account">
      <p>
        When an app asks to use your Telnyx account, Telnyx shows you what it wants, and you allow or deny it.
        What you allow is called a <strong>grant</strong>: one app, what it may do, and since when.
      </p>
      <p>Each grant is listed here. Revoke it, and the app is out, without a password being changed.</p>
    </EmptyState>
  )
}
