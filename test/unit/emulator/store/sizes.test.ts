import { performance } from 'node:perf_hooks'
import { describe, expect, test } from 'vitest'
import { startEmulator } from '../../../support/start-emulator.ts'

const CLIENTS = 10_000
const GRANTS = 100_000
const PAGES = 40
const headers = { authorization: 'Bearer KEY_EMULATOR_AVA' }

type Kind = 'clients' | 'grants'

interface Page {
  readonly ids: readonly string[]
  readonly elapsedMs: number
}

async function readPage(url: string, kind: Kind, page: number): Promise<Page> {
  const begun = performance.now()
  const response = await fetch(`${url}/v2/oauth_${kind}?page[number]=${page}&page[size]=100`, { headers })
  const { data } = (await response.json()) as { data: { client_id: string; id?: string }[] }
  return { ids: data.map(({ id, client_id }) => id ?? client_id), elapsedMs: performance.now() - begun }
}

/** The median is left alone by whatever else the machine does meanwhile. */
function medianMs(pages: readonly Page[]): number {
  return (
    pages.map(({ elapsedMs }) => elapsedMs).toSorted((left, right) => left - right)[pages.length >> 1] ?? 0
  )
}

describe('with 10,000 clients and 100,000 grants', () => {
  test('a page costs about as much as with far fewer, the last one as much as the first', async () => {
    const small = await startEmulator({ clients: [], seed: { clients: PAGES * 100, grants: PAGES * 100 } })
    const large = await startEmulator({ clients: [], seed: { clients: CLIENTS, grants: GRANTS } })
    for (const [kind, total] of [
      ['clients', CLIENTS],
      ['grants', GRANTS],
    ] as const) {
      const read: Record<'usual' | 'first' | 'last', Page[]> = { usual: [], first: [], last: [] }
      for (let page = 1; page <= PAGES; page += 1) {
        read.usual.push(await readPage(small.url, kind, page))
        read.first.push(await readPage(large.url, kind, page))
        read.last.push(await readPage(large.url, kind, total / 100 + 1 - page))
      }
      const seen = new Set([...read.first, ...read.last].flatMap(({ ids }) => ids))
      expect(seen.size).toBe(2 * PAGES * 100)
      expect(medianMs(read.first) / medianMs(read.usual)).toBeLessThan(4)
      expect(medianMs(read.last) / medianMs(read.usual)).toBeLessThan(4)
    }
  }, 60_000)
})
