import type { ClientRecord } from '../store/client-record.ts'

/** The filters of the list of OAuth clients. */
export interface ClientFilter {
  readonly type?: string
  readonly verified?: boolean
  readonly grantType?: string
  readonly name?: string
  readonly nameContains?: string
  readonly clientId?: string
}

const CHOICES: Readonly<Record<string, readonly string[]>> = {
  'filter[client_type]': ['confidential', 'public'],
  'filter[verified]': ['true', 'false'],
  'filter[allowed_grant_types][contains]': ['client_credentials', 'authorization_code', 'refresh_token'],
}

/** @returns the name of the parameter whose value is none of those declared, else the filter */
export function readClientFilter(params: Readonly<Record<string, string>>): ClientFilter | string {
  for (const [parameter, choices] of Object.entries(CHOICES)) {
    const value = params[parameter]
    if (value !== undefined && !choices.includes(value)) return parameter
  }
  const given = {
    type: params['filter[client_type]'],
    verified: params['filter[verified]'] === undefined ? undefined : params['filter[verified]'] === 'true',
    grantType: params['filter[allowed_grant_types][contains]'],
    name: params['filter[name]'],
    nameContains: params['filter[name][contains]'],
    clientId: params['filter[client_id]'],
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

export function matchesClient(record: ClientRecord, filter: ClientFilter): boolean {
  const { type, verified, grantType, name, nameContains, clientId } = filter
  if (type !== undefined && record.client_type !== type) return false
  if (verified !== undefined && record.verified !== verified) return false
  if (grantType !== undefined && !record.allowed_grant_types.some((grant) => grant === grantType))
    return false
  if (name !== undefined && record.name !== name) return false
  if (nameContains !== undefined && !record.name.toLowerCase().includes(nameContains.toLowerCase()))
    return false
  return clientId === undefined || record.client_id === clientId
}
