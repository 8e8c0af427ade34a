import { useQueryClient } from '@tanstack/react-query'
import { createOAuthClient, type OAuthClient } from '@telnyx-oauth/api'
import { type JSX, useCallback, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { asPerson } from '../../api.ts'
import { LeaveGuard } from '../../components/leave-guard.tsx'
import { useNotify } from '../../components/notices.tsx'
import { PageHeading } from '../../components/page-heading.tsx'
import { useAction } from '../../components/use-action.ts'
import { queryKeys } from '../../query-keys.ts'
import { createInputOf, NEW_CLIENT } from './client-draft.ts'
import { ClientForm } from './client-form.tsx'
import { NewSecretPage } from './new-secret-page.tsx'
import '../../styles/clients.css'

/** Creates a client. The secret of a confidential one is state of this page, and gone with it. */
export function NewClientPage(): JSX.Element {
  const [draft, setDraft] = useState(NEW_CLIENT)
  const [created, setCreated] = useState<OAuthClient>()
  const isDone = useRef(false)
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const notify = useNotify()

  const create = useAction(async () => {
    // No mutation: its cache would keep the answer, and the secret in it.
    const client = await asPerson((api) => createOAuthClient(api, createInputOf(draft)))
    isDone.current = true
    await queryClient.invalidateQueries({ queryKey: queryKeys.clientPages })
    if (client.client_secret) return setCreated(client)
    notify({ text: `“${client.name}” was created.` })
    await navigate(`/clients/${client.client_id}`)
  })
  const isUnfinished = useCallback(() => !isDone.current && draft !== NEW_CLIENT, [draft])

  if (created) return <NewSecretPage client={created} />
  return (
    <div className="page">
      <PageHeading title="New OAuth client">
        It can ask people for access as soon as it is created. What you choose here can be changed later,
        except its type.
      </PageHeading>
      <ClientForm
        draft={draft}
        onChange={setDraft}
        action="Create client"
        submit={create}
        doubt="It may have been created all the same: look at the list before you try again."
      />
      <LeaveGuard isNeeded={isUnfinished} title="Leave without creating it?" action="Leave">
        <p>What you have entered is not kept.</p>
      </LeaveGuard>
    </div>
  )
}
