import { type UseMutateFunction, useMutation, useMutationState, useQueryClient } from '@tanstack/react-query'
import { deleteOAuthClient, type OAuthClient, TelnyxApiError } from '@telnyx-oauth/api'
import { asPerson } from '../../api.ts'
import { useNotify } from '../../components/notices.tsx'
import { queryKeys } from '../../query-keys.ts'

const mutationKey = ['delete-client']

/** Deletes a client; a notice says how that went, on whatever page is shown by then. */
export function useDeleteClient(): UseMutateFunction<void, Error, OAuthClient> {
  const queryClient = useQueryClient()
  const notify = useNotify()
  const { mutate } = useMutation({
    mutationKey,
    mutationFn: ({ client_id }: OAuthClient) =>
      asPerson((api) => deleteOAuthClient(api, client_id)).catch(unlessGone),
    onSuccess: async (_, { name, client_id }) => {
      queryClient.removeQueries({ queryKey: queryKeys.client(client_id) })
      // The mutation lasts until the list is read again, so that the client does not come back in between.
      await queryClient.invalidateQueries({ queryKey: queryKeys.clientPages })
      notify({ text: `“${name}” was deleted.` })
    },
    onError: (error, { name }) => notify({ text: `“${name}” was not deleted.`, error }),
  })
  return mutate
}

/**
 * The ids of clients whose deletion is under way. Lists leave them out at once, since the person has confirmed and the
 * server seldom says no; if it does, they are back.
 */
export function useDeletingClients(): readonly string[] {
  return useMutationState({
    filters: { mutationKey, status: 'pending' },
    select: ({ state }) => (state.variables as OAuthClient).client_id,
  })
}

// Somebody else was faster: it is what was wanted.
function unlessGone(error: unknown): void {
  if (!(error instanceof TelnyxApiError && error.status === 404)) throw error
}
