import { useQueryClient } from '@tanstack/react-query'
import { type OAuthClient, updateOAuthClient } from '@telnyx-oauth/api'
import { type JSX, useCallback, useState } from 'react'
import { asPerson } from '../../api.ts'
import { LeaveGuard } from '../../components/leave-guard.tsx'
import { useNotify } from '../../components/notices.tsx'
import { useAction } from '../../components/use-action.ts'
import { queryKeys } from '../../query-keys.ts'
import { draftOf, updateInputOf } from './client-draft.ts'
import { ClientForm } from './client-form.tsx'

/** Changes a client. What is being edited stays, should the client be read again meanwhile. */
export function EditClient({ client }: { readonly client: OAuthClient }): JSX.Element {
  const [saved, setSaved] = useState(() => draftOf(client))
  const [draft, setDraft] = useState(saved)
  const queryClient = useQueryClient()
  const notify = useNotify()
  const { client_id } = client
  const save = useAction(async () => {
    const changed = await asPerson((api) => updateOAuthClient(api, client_id, updateInputOf(draft)))
    queryClient.setQueryData(queryKeys.client(client_id), changed)
    setSaved(draftOf(changed))
    setDraft(draftOf(changed))
    notify({ text: `“${changed.name}” was saved.` })
    await queryClient.invalidateQueries({ queryKey: queryKeys.clientPages })
  })
  const isUnsaved = useCallback(() => draft !== saved && !isEqual(draft, saved), [draft, saved])
  return (
    <>
      <ClientForm draft={draft} onChange={setDraft} saved={saved} action="Save changes" submit={save} />
      <LeaveGuard isNeeded={isUnsaved} title="Leave without saving?" action="Leave without saving">
        <p>What you have changed is not saved at Telnyx.</p>
      </LeaveGuard>
    </>
  )
}

function isEqual(one: object, other: object): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
