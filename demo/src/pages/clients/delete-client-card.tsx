import type { OAuthClient } from '@telnyx-oauth/api'
import { type JSX, useState } from 'react'
import { useNavigate } from 'react-router'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { DeleteClientDialog } from './delete-client-dialog.tsx'
import { useDeleteClient } from './use-delete-client.ts'

/** Deletes the client of this page, and goes on to the list. */
export function DeleteClientCard({ client }: { readonly client: OAuthClient }): JSX.Element {
  const [isAsking, setIsAsking] = useState(false)
  const remove = useDeleteClient()
  const navigate = useNavigate()
  const confirm = () => {
    setIsAsking(false)
    remove(client)
    void navigate('/clients')
  }
  return (
    <Card title="Delete this client" about="For good: it cannot be brought back, nor can its id.">
      <Button kind="danger" onClick={() => setIsAsking(true)}>
        Delete client…
      </Button>
      {isAsking && (
        <DeleteClientDialog client={client} onConfirm={confirm} onClose={() => setIsAsking(false)} />
      )}
    </Card>
  )
}
