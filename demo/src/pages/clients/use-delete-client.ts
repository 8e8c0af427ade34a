import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query'
import { deleteOAuthClient, type OAuthClient, type Page, TelnyxApiError } from '@telnyx-oauth/api'
import { asPerson } from '../../api.ts'
import { useNotify } from '../../components/notices.tsx'
import { queryKeys } from '../../query-keys.ts'

type CachedPage = readonly [QueryKey, Page<OAuthClient> | undefined]

/**
 * Deletes a client. It leaves the list at once, since the person has confirmed and the server seldom says no; if it
 * does, the client is back, and a notice says why.
 */
export function useDeleteClient(): (client: OAuthClient) => void {
  const queryClient = useQueryClient()
  const notify = useNotify()
  const { mutate } = useMutation({
    mutationFn: ({ client_id }: OAuthClient) =>
      asPerson((api) => deleteOAuthClient(api, client_id)).catch(unlessGone),
    onMutate: async ({ client_id }): Promise<readonly CachedPage[]> => {
      await queryClient.cancelQueries({ queryKey: queryKeys.clients })
      const before = queryClient.getQueriesData<Page<OAuthClient>>({ queryKey: queryKeys.clientPages })
      for (const [key, page] of before) queryClient.setQueryData(key, page && without(page, client_id))
      return before
    },
    onSuccess: (_, { name }) => notify({ text: `“${name}” was deleted.` }),
    onError: (error, { name }, before = []) => {
      for (const [key, page] of before) queryClient.setQueryData(key, page)
      notify({ text: `“${name}” was not deleted.`, error })
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: queryKeys.clients }),
  })
  return mutate
}

// Somebody else was faster: it is what was wanted.
function unlessGone(error: unknown): void {
  if (!(error instanceof TelnyxApiError && error.status === 404)) throw error
}

function without(page: Page<OAuthClient>, clientId: string): Page<OAuthClient> {
  const data = page.data.filter(({ client_id }) => client_id !== clientId)
  const { meta } = page
  if (meta?.total_results === undefined) return { ...page, data }
  const removed = page.data.length - data.length
  return { data, meta: { ...meta, total_results: meta.total_results - removed } }
}
