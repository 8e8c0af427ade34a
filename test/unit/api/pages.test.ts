import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createTelnyxApi, listOAuthClients, listOAuthGrants, type PageQuery } from '@telnyx-oauth/api'
import { describe, expect, it } from 'vitest'
import { createWire, type Reply, type Wire } from './support/scripted-fetch.ts'

/** A page of two numbered items. */
function page(number: number, totalPages: unknown = 3): Reply {
  const data = [{ client_id: `${number}a` }, { client_id: `${number}b` }]
  return {
    status: 200,
    body: { data, meta: { page_number: number, total_pages: totalPages, total_results: 6 }, more: number },
  }
}

const THREE_PAGES = [page(1), page(2), page(3)] as const

const listed = ({ fetch }: Wire, query?: PageQuery) => listOAuthClients(createTelnyxApi({ fetch }), query)

async function idsOf(list: AsyncIterable<{ readonly client_id: string }>): Promise<string[]> {
  const ids: string[] = []
  for await (const { client_id } of list) ids.push(client_id)
  return ids
}

const pagesAskedFor = ({ requests }: Wire): (string | null)[] =>
  requests.map(({ url }) => new URL(url).searchParams.get('page[number]'))

describe('a list', () => {
  it('gives every item of every page, in order', async () => {
    const wire = createWire(...THREE_PAGES)
    expect(await idsOf(listed(wire))).toEqual(['1a', '1b', '2a', '2b', '3a', '3b'])
    expect(pagesAskedFor(wire)).toEqual(['1', '2', '3'])
  })

  it('sends nothing until it is read', () => {
    const wire = createWire(page(1))
    listed(wire).pages()
    expect(wire.requests).toHaveLength(0)
  })

  it('asks for a page only when the reader gets there', async () => {
    const wire = createWire(...THREE_PAGES)
    const counts: number[] = []
    for await (const _ of listed(wire)) counts.push(wire.requests.length)
    expect(counts).toEqual([1, 1, 2, 2, 3, 3])
  })

  it('asks for nothing more once it is left', async () => {
    const wire = createWire(...THREE_PAGES)
    for await (const { client_id } of listed(wire)) if (client_id === '2a') break
    expect(pagesAskedFor(wire)).toEqual(['1', '2'])
  })

  it('begins again each time it is read', async () => {
    const wire = createWire(...THREE_PAGES, ...THREE_PAGES)
    const list = listed(wire)
    expect(await idsOf(list)).toEqual(await idsOf(list))
    expect(pagesAskedFor(wire)).toEqual(['1', '2', '3', '1', '2', '3'])
  })

  it('begins at the page asked for and keeps the rest of the query', async () => {
    const wire = createWire(page(2), page(3))
    expect(await idsOf(listed(wire, { 'page[number]': 2, 'page[size]': 2 }))).toEqual([
      '2a',
      '2b',
      '3a',
      '3b',
    ])
    expect(wire.requests.map(({ url }) => new URL(url).searchParams.get('page[size]'))).toEqual(['2', '2'])
  })

  it('is tried again page by page', async () => {
    const { fetch, requests } = createWire(
      page(1, 2),
      { status: 503, headers: { 'retry-after-ms': '1' } },
      page(2, 2),
    )
    const ids = await idsOf(listOAuthClients(createTelnyxApi({ fetch })))
    expect([ids, requests.length]).toEqual([['1a', '1b', '2a', '2b'], 3])
  })

  it('throws what a page failed with, after the items before it', async () => {
    const wire = createWire(page(1), { status: 404 })
    const ids: string[] = []
    const read = async () => {
      for await (const { client_id } of listed(wire)) ids.push(client_id)
    }
    await expect(read()).rejects.toMatchObject({ status: 404 })
    expect(ids).toEqual(['1a', '1b'])
  })

  it('stops in the middle of a page when its signal is aborted', async () => {
    const { fetch, requests } = createWire(...THREE_PAGES)
    const controller = new AbortController()
    const ids: string[] = []
    const read = async () => {
      for await (const { client_id } of listOAuthClients(createTelnyxApi({ fetch }), {}, controller)) {
        ids.push(client_id)
        controller.abort()
      }
    }
    await expect(read()).rejects.toMatchObject({ name: 'AbortError' })
    expect([ids, requests.length]).toEqual([['1a'], 1])
  })

  it('holds no page but the one being read', async () => {
    const pages = listed(createWire(...THREE_PAGES)).pages()
    const read = async () => new WeakRef((await pages.next()).value ?? {})
    const refs = [await read(), await read(), await read()]
    await collectGarbage()
    expect(refs.slice(0, 2).map((ref) => ref.deref())).toEqual([undefined, undefined])
  })
})

describe('pages()', () => {
  it('gives the pages as the server sent them, unknown members included', async () => {
    const pages: unknown[] = []
    for await (const one of listed(createWire(page(1, 2), page(2, 2))).pages()) pages.push(one)
    expect(pages).toEqual([(page(1, 2) as { body: unknown }).body, (page(2, 2) as { body: unknown }).body])
  })

  it('gives the first page even if it is empty', async () => {
    const empty = { data: [], meta: { page_number: 1, total_pages: 0, total_results: 0 } }
    const pages: unknown[] = []
    const { fetch } = createWire({ status: 200, body: empty })
    for await (const one of listOAuthGrants(createTelnyxApi({ fetch })).pages()) pages.push(one)
    expect(pages).toEqual([empty])
  })
})

describe('a server that counts badly never keeps the reader for ever', () => {
  const full = { client_id: 'x' }
  const answer = (data: unknown, meta?: object): Reply => ({
    status: 200,
    body: { data, ...(meta && { meta }) },
  })

  it.each<[string, readonly [Reply, ...Reply[]], number]>([
    ['an empty page ends the list', [page(1, 1e9), answer([], { total_pages: 1e9 })], 2],
    ['a page that comes again ends a list without meta', [answer([full])], 2],
    ['a page that comes again ends a list without a count', [answer([full], { page_number: 1 })], 2],
    [
      'a page that comes again ends a list whose count is no number',
      [answer([full], { total_pages: 'many' })],
      2,
    ],
    ['a negative page count ends the list', [answer([full], { total_pages: -1 })], 1],
    ['a page count that is text is read as a number', [page(1, '3'), page(2, '3'), page(3, '3')], 3],
    ['a page count that shrinks ends the list there', [page(1, 5), page(2, 2)], 2],
    ['a page count that grows is not believed', [page(1, 2), page(2, 1e9)], 2],
    ['a page number that stands still is not believed', [page(1, 3), page(1, 3), page(1, 3)], 3],
  ])('%s', async (_title, script, count) => {
    const wire = createWire(...script)
    await idsOf(listed(wire))
    expect(wire.requests).toHaveLength(count)
  })
})

describe('a list without a page count, as the contract allows,', () => {
  const pageOf = (id: string, meta?: object): Reply => ({
    status: 200,
    body: { data: [{ client_id: id }], ...(meta && { meta }) },
  })
  const empty: Reply = { status: 200, body: { data: [] } }

  it.each<[string, object | undefined]>([
    ['no meta', undefined],
    ['an empty meta', {}],
    ['a page number only', { page_number: 1 }],
    ['a count of null', { total_pages: null }],
    ['a count that is no number', { total_pages: 'many' }],
    ['an empty count', { total_pages: '' }],
  ])('is read until an empty page: %s', async (_title, meta) => {
    const wire = createWire(pageOf('a', meta), pageOf('b', meta), pageOf('c', meta), empty)
    expect(await idsOf(listed(wire))).toEqual(['a', 'b', 'c'])
    expect(pagesAskedFor(wire)).toEqual(['1', '2', '3', '4'])
  })

  it('gives no item twice where the server knows no pages', async () => {
    expect(await idsOf(listed(createWire(pageOf('a'))))).toEqual(['a'])
  })

  it('keeps a count that came earlier', async () => {
    const wire = createWire(pageOf('a', { total_pages: 2 }), pageOf('b'))
    expect(await idsOf(listed(wire))).toEqual(['a', 'b'])
    expect(wire.requests).toHaveLength(2)
  })
})

/** What a WeakRef points to lives until the turn ends. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  await new Promise((resolve) => setImmediate(resolve))
  gc()
}
