import { createEmulator } from '../../packages/emulator/src/index.ts'
import { median } from '../print.mjs'

const PAGES = 40
const PAGE_SIZE = 100
const CLIENTS = 10_000
const GRANTS = 100_000
const headers = { authorization: 'Bearer KEY_EMULATOR_AVA' }

async function start(seed) {
  const emulator = createEmulator({ port: 0, rateLimits: false, clients: [], seed })
  await emulator.start()
  return emulator
}

/** The time that one page of a list takes, in milliseconds. */
async function readPage({ url }, kind, page) {
  const startedMs = performance.now()
  await fetch(`${url}/v2/oauth_${kind}?page[number]=${page}&page[size]=${PAGE_SIZE}`, { headers }).then(
    (response) => response.json(),
  )
  return performance.now() - startedMs
}

/**
 * Compares the pages of long lists with those of a short one, in turn: medians of the time per page.
 *
 * @returns {Promise<{ kind: string, shortMs: number, firstMs: number, lastMs: number }[]>}
 */
export async function comparePages() {
  const few = await start({ clients: PAGES * PAGE_SIZE, grants: PAGES * PAGE_SIZE })
  const many = await start({ clients: CLIENTS, grants: GRANTS })
  const results = []
  for (const [kind, total] of Object.entries({ clients: CLIENTS, grants: GRANTS })) {
    const [shortMs, firstMs, lastMs] = [[], [], []]
    for (let page = 1; page <= PAGES; page++) {
      shortMs.push(await readPage(few, kind, page))
      firstMs.push(await readPage(many, kind, page))
      lastMs.push(await readPage(many, kind, total / PAGE_SIZE + 1 - page))
    }
    results.push({ kind, shortMs: median(shortMs), firstMs: median(firstMs), lastMs: median(lastMs) })
  }
  await Promise.all([few.stop(), many.stop()])
  return results
}
