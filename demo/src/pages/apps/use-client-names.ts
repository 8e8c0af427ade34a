import { type UseQueryResult, useQueries } from '@tanstack/react-query'
import { listOAuthClients, type OAuthGrant } from '@telnyx-oauth/api'
import { asPerson } from '../../api.ts'
import { firstPage } from '../../first-page.ts'
import { queryKeys } from '../../query-keys.ts'

/** The names of clients by id, as far as they are known yet. */
export type ClientNames = ReadonlyMap<string, string>

const FIVE_MINUTES_MS = 5 * 60 * 1000

/**
 * The names of the clients behind grants: a grant has only the id. Each client is asked for once, by a filter, since
 * clients of somebody else are not in the list, and asking for one by its path would be an error.
 */
export function useClientNames(grants: readonly OAuthGrant[]): ClientNames {
  const clientIds = [...new Set(grants.map(({ client_id }) => client_id))]
  return useQueries({
    queries: clientIds.map((clientId) => ({
      queryKey: queryKeys.clientName(clientId),
      queryFn: ({ signal }: { readonly signal: AbortSignal }) => findName(clientId, signal),
      staleTime: FIVE_MINUTES_MS,
    })),
    combine: namesOf,
  })
}

async function findName(clientId: string, signal: AbortSignal): Promise<readonly [string, string] | null> {
  const query = { 'filter[client_id]': clientId }
  const { data } = await asPerson((api) => firstPage(listOAuthClients(api, query, { signal })))
  const client = data.find(({ client_id }) => client_id === clientId)
  return client ? [clientId, client.name] : null
}

function namesOf(results: readonly UseQueryResult<readonly [string, string] | null>[]): ClientNames {
  return new Map(results.flatMap(({ data }) => (data ? [data] : [])))
}
