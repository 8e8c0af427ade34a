import { expect, test } from 'vitest'
import { startEmulator } from '../../../support/start-emulator.ts'

const headers = { authorization: 'Bearer KEY_EMULATOR_AVA' }

async function readPage(url: string, kind: 'clients' | 'grants', page: number): Promise<readonly string[]> {
  const response = await fetch(`${url}/v2/oauth_${kind}?page[number]=${page}&page[size]=100`, { headers })
  const { data } = (await response.json()) as { data: { client_id: string; id?: string }[] }
  return data.map(({ id, client_id }) => id ?? client_id)
}

test('of 10,000 clients and 100,000 grants, each page from either end has others', async () => {
  const { url } = await startEmulator({ clients: [], seed: { clients: 10_000, grants: 100_000 } })
  for (const [kind, total] of [
    ['clients', 10_000],
    ['grants', 100_000],
  ] as const) {
    const seen = new Set<string>()
    for (let page = 1; page <= 20; page += 1) {
      for (const number of [page, total / 100 + 1 - page]) {
        for (const id of await readPage(url, kind, number)) seen.add(id)
      }
    }
    expect(seen.size).toBe(2 * 20 * 100)
  }
})
