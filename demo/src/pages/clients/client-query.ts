import type { GrantType, OAuthClientListQuery } from '@telnyx-oauth/api'

/** Which clients the list shows: what stands in the address of the page. */
export interface ClientFilter {
  /** From 1. */
  readonly page: number
  /** A part of the name; empty lets every name pass. */
  readonly name: string
  readonly type: 'confidential' | 'public' | ''
  readonly grant: GrantType | ''
}

const PAGE_SIZE = 20

export const CLIENT_TYPES = ['confidential', 'public'] as const
export const GRANT_TYPES: readonly GrantType[] = ['authorization_code', 'refresh_token', 'client_credentials']

/** Reads the address. What makes no sense counts as not given. */
export function readClientFilter(address: URLSearchParams): ClientFilter {
  const page = Number(address.get('page'))
  return {
    page: Number.isSafeInteger(page) && page > 0 ? page : 1,
    name: address.get('name')?.trim() ?? '',
    type: CLIENT_TYPES.find((type) => type === address.get('type')) ?? '',
    grant: GRANT_TYPES.find((grant) => grant === address.get('grant')) ?? '',
  }
}

/** Writes the address: only what differs from a plain list. */
export function addressOf(filter: ClientFilter): string {
  const { page, name, type, grant } = filter
  const given = Object.entries({ name, type, grant, page: page > 1 ? `${page}` : '' })
  return `?${new URLSearchParams(given.filter(([, value]) => value !== ''))}`
}

/** What the API is asked. */
export function listQueryOf({ page, name, type, grant }: ClientFilter): OAuthClientListQuery {
  return {
    'page[number]': page,
    'page[size]': PAGE_SIZE,
    ...(name && { 'filter[name][contains]': name }),
    ...(type && { 'filter[client_type]': type }),
    ...(grant && { 'filter[allowed_grant_types][contains]': grant }),
  }
}

/** Whether anything but the page is chosen. */
export function isFiltered({ name, type, grant }: ClientFilter): boolean {
  return Boolean(name || type || grant)
}
