import { performance } from 'node:perf_hooks'
import { describe, expect, test } from 'vitest'
import { startEmulator } from '../../support/start-emulator.ts'

const CLIENTS = 10_000
const GRANTS = 100_000
const PAGES = 50
const headers = { authorization: 'Bearer KEY_EMULATOR_AVA' }

type Kind = 'clients' | 'grants'

/** Reads pages of a hundred. */
async function readPages(
  url: string,
  kind: Kind,
  from: number,
): Promise<{ ids: Set<string>; elapsedMs: number }> {
  const ids = new Set<string>()
  const begun = performance.now()
  for (let page = from; page < from + PAGES; page += 1) {
    const response = await fetch(`${url}/v2/oauth_${kind}?page[number]=${page}&page[size]=100`, { headers })
    const { data } = (await response.json()) as { data: { client_id: string; id?: string }[] }
    for (const item of data) ids.add(item.id ?? item.client_id)
  }
  return { ids, elapsedMs: performance.now() - begun }
}

describe('with 10,000 clients and 100,000 grants', () => {
  test('a page costs about as much as with far fewer, the last one as much as the first', async () => {
    const small = await startEmulator({ clients: [], seed: { clients: PAGES * 100, grants: PAGES * 100 } })
    const large = await startEmulator({ clients: [], seed: { clients: CLIENTS, grants: GRANTS } })
    await readPages(small.url, 'clients', 1)
    for (const [kind, total] of [
      ['clients', CLIENTS],
      ['grants', GRANTS],
    ] as const) {
      const usual = await readPages(small.url, kind, 1)
      const first = await readPages(large.url, kind, 1)
      const last = await readPages(large.url, kind, total / 100 - PAGES + 1)
      expect([first.ids.size, last.ids.size]).toEqual([PAGES * 100, PAGES * 100])
      expect(Math.max(first.elapsedMs, last.elapsedMs) / usual.elapsedMs).toBeLessThan(4)
    }
  }, 60_000)
})
