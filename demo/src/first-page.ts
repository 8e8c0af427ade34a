import type { Page, PagedList } from '@telnyx-oauth/api'

/** The page that a list begins with, in one request. */
export async function firstPage<T>(list: PagedList<T>): Promise<Page<T>> {
  const { value } = await list.pages().next()
  return value ?? { data: [] }
}
