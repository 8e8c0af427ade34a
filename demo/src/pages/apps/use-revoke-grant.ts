import { useMutation, useMutationState, useQueryClient } from '@tanstack/react-query'
import { type OAuthGrant, revokeOAuthGrant, TelnyxApiError } from '@telnyx-oauth/api'
import { asPerson } from '../../api.ts'
import { auth } from '../../auth.ts'
import { useNotify } from '../../components/notices.tsx'
import { config } from '../../config.ts'
import { queryKeys } from '../../query-keys.ts'

/** A grant that is to end, and how the notice calls the app. */
export interface Revocation {
  readonly grant: OAuthGrant
  readonly appName: string
}

const mutationKey = ['revoke-grant']

/** Revokes a grant; a notice says how that went, on whatever page is shown by then. */
export function useRevokeGrant(): (revocation: Revocation) => void {
  const queryClient = useQueryClient()
  const notify = useNotify()
  const { mutate } = useMutation({
    mutationKey,
    mutationFn: ({ grant }: Revocation) =>
      asPerson((api) => revokeOAuthGrant(api, grant.id)).catch(unlessGone),
    onSuccess: async (_, { grant, appName }) => {
      if (grant.client_id === config.clientId) await seeWhetherItWasOurs()
      // The mutation lasts until the list is read again, so that the grant does not come back in between.
      await queryClient.invalidateQueries({ queryKey: queryKeys.grantPages })
      notify({ text: `“${appName}” can no longer use your account.` })
    },
    onError: (error, { appName }) => notify({ text: `The access of “${appName}” was not revoked.`, error }),
  })
  return mutate
}

/**
 * The ids of grants that are just being revoked. The list leaves them out at once, since the person has confirmed and
 * the server seldom says no; if it does, they are back.
 */
export function useGrantsBeingRevoked(): readonly string[] {
  return useMutationState({
    filters: { mutationKey, status: 'pending' },
    select: ({ state }) => (state.variables as Revocation).grant.id,
  })
}

// No answer says which grant a token comes from. The server knows: it renews no token of a grant that is revoked, and
// the session ends by itself. Whatever else may go wrong here, the session shows.
async function seeWhetherItWasOurs(): Promise<void> {
  await auth.refresh().catch(() => {})
}

// Somebody else was faster: it is what was wanted.
function unlessGone(error: unknown): void {
  if (!(error instanceof TelnyxApiError && error.status === 404)) throw error
}
