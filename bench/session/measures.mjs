// What is measured, in the page itself.
import { open, signIn } from './visit.mjs'

const HOT_CALLS = 20_000
const SUBSCRIBERS = 10_000
const CALLERS = 5

/**
 * From a loaded page with nothing open to the first token, in ms. A client is made when its module is loaded, and does
 * nothing then: whether that counts too, says `isMaking`.
 */
export async function coldStart(page, origin, name, isMaking) {
  await page.goto(`${origin}/${name}/`)
  return page.evaluate(async (isCounted) => {
    if (!isCounted) contender.create()
    const startedMs = performance.now()
    if (isCounted) contender.create()
    const token = await contender.token()
    const tookMs = performance.now() - startedMs
    if (!token) throw new Error('There is no token.')
    return tookMs
  }, isMaking)
}

/** One read of the session's record by `idb-keyval`, from the same point of the same page, in ms. */
export async function rawRead(page, origin) {
  await page.goto(`${origin}/ours/`)
  return page.evaluate(async () => {
    const startedMs = performance.now()
    const record = await readRecord()
    const tookMs = performance.now() - startedMs
    if (!record) throw new Error('There is no record.')
    return tookMs
  })
}

/** One call for a token that is there, in µs. */
export async function hotCall(page, origin, name) {
  await coldStart(page, origin, name)
  return page.evaluate(async (calls) => {
    for (let call = 0; call < 2000; call += 1) await contender.token()
    const startedMs = performance.now()
    for (let call = 0; call < calls; call += 1) await contender.token()
    return ((performance.now() - startedMs) / calls) * 1000
  }, HOT_CALLS)
}

/** From the first subscriber that is told to the last one, in ms, at one change; where one can subscribe. */
export async function notification(page, origin, name) {
  await coldStart(page, origin, name)
  return page.evaluate(async (count) => {
    if (!contender.listen) return undefined
    let [told, firstMs, lastMs] = [0, 0, 0]
    for (let subscriber = 0; subscriber < count; subscriber += 1) {
      contender.listen(() => {
        told += 1
        if (told === 1) firstMs = performance.now()
        if (told === count) lastMs = performance.now()
      })
    }
    await contender.refresh()
    if (told < count) throw new Error(`Only ${told} of ${count} subscribers were told.`)
    return lastMs - firstMs
  }, SUBSCRIBERS)
}

/** What a page asks the server for, journey by journey. */
export async function journeys(context, origin, name, emulator) {
  const asked = {}
  const page = await open(context, origin, name)
  const note = async (title, act) => {
    emulator.clearRequests()
    await act()
    asked[title] = emulator
      .requests()
      .map(({ endpoint }) => endpoint)
      .filter((endpoint) => !['authorize', 'authorize-resume', 'consent', 'sign-in'].includes(endpoint))
  }
  await note('sign-in', () => signIn(page))
  await note('reload', async () => {
    await page.goto(`${origin}/${name}/`)
    await page.evaluate(async () => {
      contender.create()
      await contender.token()
    })
  })
  await note('refresh', () => page.evaluate(() => contender.refresh().then(() => {})))
  await note('sign-out', () => page.evaluate(() => contender.signOut().then(() => {})))
  await page.close()
  return asked
}

/** Every tab holds the same token, which expires everywhere at once; then all callers of all tabs ask. */
export async function storm(context, origin, name, emulator, count) {
  const opened = await Promise.all(
    Array.from({ length: count }, () => open(context, origin, name, { isSkewed: true })),
  )
  const [first] = opened
  await signIn(first)
  for (const tab of opened.slice(1)) {
    await tab.evaluate(async () => {
      contender.create()
      await contender.token()
    })
  }
  for (const tab of opened) {
    await tab.evaluate(() => {
      globalThis.skewMs = 7_200_000
    })
  }
  emulator.clearRequests()
  const ask = (tab) =>
    tab.evaluate((callers) => {
      const asked = Array.from({ length: callers }, () => contender.token().catch(() => undefined))
      return Promise.all(asked)
    }, CALLERS)
  const tokens = (await Promise.all(opened.map(ask))).flat()
  const requests = emulator.requests({ endpoint: 'token' })
  // What the callers got is of no use if the server ended the session.
  const isAlive = requests.every(({ error }) => error !== 'invalid_grant')
  await Promise.all(opened.map((tab) => tab.close()))
  return {
    requests: requests.length,
    served: tokens.filter(Boolean).length,
    callers: tokens.length,
    different: new Set(tokens.filter(Boolean)).size,
    isAlive,
  }
}
