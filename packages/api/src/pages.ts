import { internals, type TelnyxApi } from './api.ts'
import { parameters } from './bodies.ts'
import type { RequestOptions } from './options.ts'

export interface PageQuery {
  /**
   * The page to begin with, from 1.
   * @default 1
   */
  readonly 'page[number]'?: number | undefined
  /**
   * Items per page. The server sends at most 100.
   * @default 20
   */
  readonly 'page[size]'?: number | undefined
}

export interface PaginationMeta {
  readonly page_number?: number
  readonly page_size?: number
  readonly total_pages?: number
  readonly total_results?: number
}

export interface Page<T> {
  readonly data: readonly T[]
  readonly meta?: PaginationMeta
}

/**
 * Items one by one. Each `for await` begins at the first page again, asks for a page only when it gets there,
 * holds one page at a time, and stops asking when it is left.
 */
export interface PagedList<T> extends AsyncIterable<T> {
  /** The same, page by page, as the server sent them. */
  pages(): AsyncGenerator<Page<T>, void, undefined>
}

/**
 * A list ends at an empty page, or at the page that the smallest page count seen so far calls the last: a missing
 * count is 0, and a growing one is not believed, else a server could keep the caller for ever.
 */
export function paged<T>(
  api: TelnyxApi,
  path: string,
  query: PageQuery,
  options?: RequestOptions,
): PagedList<T> {
  async function* pages(): AsyncGenerator<Page<T>, void, undefined> {
    let lastNumber = Infinity
    for (let number = query['page[number]'] ?? 1; ; number++) {
      const search = parameters({ ...query, 'page[number]': number })
      const page = await internals(api).send({ path: `${path}?${search}`, read: readPage<T> }, options)
      yield page
      lastNumber = Math.min(lastNumber, page.meta?.total_pages ?? 0)
      if (!(page.data.length && number < lastNumber)) return
    }
  }
  return Object.freeze({
    pages,
    async *[Symbol.asyncIterator]() {
      for await (const { data } of pages()) {
        for (const item of data) {
          options?.signal?.throwIfAborted()
          yield item
        }
      }
    },
  })
}

function readPage<T>(body: unknown): Page<T> | false {
  const page = body as Page<T> | null | undefined
  return Array.isArray(page?.data) && page
}
