import type { JSX } from 'react'
import { Link } from 'react-router'
import { Button } from '../../components/button.tsx'
import { EmptyState } from '../../components/empty-state.tsx'

interface NoClientsProps {
  readonly isFiltered: boolean
  readonly onClear: () => void
}

/** In place of an empty list: there is no client at all, or none that fits. */
export function NoClients({ isFiltered, onClear }: NoClientsProps): JSX.Element {
  if (isFiltered) {
    return (
      <EmptyState
        title="No client fits"
        action={
          <Button kind="secondary" onClick={onClear}>
            Show all clients
          </Button>
        }
      >
        <p>There are clients, or there were, but none with this name, type and grant type.</p>
      </EmptyState>
    )
  }
  return (
    <EmptyState
      title="You have no OAuth client yet"
      action={
        <Link className="button button-primary" to="/clients/new">
          Create the first client
        </Link>
      }
    >
      <p>
        An OAuth client is an app that Telnyx knows. It has an id and the addresses it may send people back
        to; with those it can ask anybody with a Telnyx account for access, without ever seeing a password or
        an API key.
      </p>
      <p>
        A web page or a phone app is a <strong>public</strong> client, a server is a{' '}
        <strong>confidential</strong> one with a secret.
      </p>
    </EmptyState>
  )
}
