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
 * A list ends at an empty page, or at the page that the smallest page count seen so far calls the last: a growing count
 * is not believed, else a server could keep the caller for ever. Without a count it ends also before a page that repeats
 * the one before, as of a server that knows no pages.
 */
export function paged<T>(
  api: TelnyxApi,
  path: string,
  query: PageQuery,
  options?: RequestOptions,
): PagedList<T> {
  async function* pages(): AsyncGenerator<Page<T>, void, undefined> {
    let lastNumber = Infinity
    let previous = ''
    for (let number = query['page[number]'] ?? 1; ; number++) {
      const search = parameters({ ...query, 'page[number]': number })
      const page = await internals(api).send({ path: `${path}?${search}`, read: readPage<T> }, options)
      // Some servers send it as text.
      const total = parseFloat(`${page.meta?.total_pages}`)
      if (total < lastNumber) lastNumber = total
      if (lastNumber === Infinity) {
        const text = JSON.stringify(page.data)
        if (text === previous) return
        previous = text
      }
      yield page
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
  return Array.isArray(Object(body).data) && (body as Page<T>)
}
