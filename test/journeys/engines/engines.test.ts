import { beforeEach, describe, expect } from 'vitest'
import { type EngineName, whyMissing } from '../../../scripts/support/browsers.mjs'
import { words } from '../support/demo-pages.ts'
import { test as journeyTest } from '../support/fixtures.ts'
import { endpointsOf, refreshesOf } from '../support/log.ts'
import { serveSite } from '../support/site.ts'
import { startFirefox } from './support/firefox.ts'
import type { Engine, Tab, Visit } from './support/tab.ts'
import { startWebKitEngine } from './support/webkit.ts'

/** XPaths of what a person sees in the demo. */
const heading = (text: string): string =>
  `//h1[normalize-space()='${text}']|//h2[normalize-space()='${text}']`
const button = (text: string): string => `//button[normalize-space()='${text}']`
const anything = (text: string): string => `//body//*[text()[contains(., '${text}')]]`
const token = `//dd[contains(., 'characters')]/code`

/** Presses a button by its name. */
function press(tab: Tab, name: string): Promise<void> {
  return tab.click(button(name))
}

/** Waits for words that stand somewhere on the page. */
async function sees(tab: Tab, text: string): Promise<void> {
  await tab.read(anything(text))
}

async function seesSignedIn(tab: Tab): Promise<void> {
  await tab.read(heading(words.signedIn))
}

async function seesSignedOut(tab: Tab): Promise<void> {
  await tab.read(button(words.signInButton))
}

/** The first characters of the token. */
function readToken(tab: Tab): Promise<string> {
  return tab.read(token)
}

/** Signs in, from a page that says so. */
async function signIn(tab: Tab): Promise<void> {
  await press(tab, words.signInButton)
  await press(tab, 'Allow')
  await seesSignedIn(tab)
}

const START: Readonly<Record<EngineName, () => Promise<Engine>>> = {
  firefox: startFirefox,
  webkit: startWebKitEngine,
}

interface EngineFixtures {
  /** Starts an engine at its first use. */
  readonly $file: { readonly start: (name: EngineName) => Promise<Engine> }
  readonly $test: {
    readonly engineName: EngineName
    readonly visit: Visit
    /** A visit of the app with a router and a guard. */
    readonly routedVisit: Visit
  }
}

/** A journey of a user with a fresh profile of another engine than Chromium, at the demo. */
const test = journeyTest.extend<EngineFixtures>({
  start: [
    // biome-ignore lint/correctness/noEmptyPattern: Vitest reads what a fixture needs off this pattern
    async ({}, use) => {
      const started = new Map<EngineName, Promise<Engine>>()
      await use((name) => {
        const engine = started.get(name) ?? START[name]()
        started.set(name, engine)
        return engine
      })
      for (const engine of started.values()) await (await engine).stop()
    },
    { scope: 'file' },
  ],
  engineName: 'firefox',
  visit: async ({ start, engineName, consoleSite, emulator: _ }, use) => {
    const engine = await start(engineName)
    const visit = await engine.visit(consoleSite.origin)
    await use(visit)
    await visit.leave()
  },
  routedVisit: async ({ start, engineName, emulator }, use) => {
    const site = await serveSite('router-page', () => emulator.issuer)
    const engine = await start(engineName)
    const visit = await engine.visit(site.origin)
    await use(visit)
    await visit.leave()
    await site.close()
  },
})

const ENGINES: readonly EngineName[] = ['firefox', 'webkit']

async function openTwoTabs(visit: Visit): Promise<readonly [Tab, Tab]> {
  const first = await visit.open('/')
  await signIn(first)
  const second = await visit.open('/')
  await seesSignedIn(second)
  return [first, second]
}

describe.each(ENGINES)('in %s', { timeout: 120_000 }, (name) => {
  test.override('engineName', name)

  beforeEach(({ skip }) => {
    const missing = whyMissing(name)
    if (missing) skip(missing)
  })

  test('a person signs in with one metadata and one token request, and a reload sends none', async ({
    visit,
    emulator,
  }) => {
    const tab = await visit.open('/')
    await signIn(tab)
    const visits = ['authorize', 'sign-in', 'sign-in', 'authorize-resume']
    expect(endpointsOf(emulator)).toEqual(['metadata', ...visits, 'token'])

    emulator.clearRequests()
    await tab.reload()
    await seesSignedIn(tab)
    await sees(tab, 'No request was sent')
    expect(endpointsOf(emulator)).toEqual([])
  })

  test('two tabs whose token expired send one refresh request', async ({ visit, emulator }) => {
    const tabs = await openTwoTabs(visit)
    emulator.expireAccessTokens()
    const hold = emulator.hold('token', { grant: 'refresh_token' })
    for (const tab of tabs) await press(tab, words.balanceButton)
    await hold.arrived
    for (const tab of tabs) await sees(tab, words.renewing)
    hold.release()
    for (const tab of tabs) await sees(tab, '182.40')
    expect(refreshesOf(emulator).map(({ status }) => status)).toEqual([200])
  })

  test('one tab renews the token for the other, and signs both out', async ({ visit, emulator }) => {
    const [first, second] = await openTwoTabs(visit)
    const before = await readToken(first)
    await press(first, words.refreshButton)
    await sees(second, 'Another tab renewed the token')
    const renewed = await readToken(second)
    expect(renewed).not.toBe(before)
    expect(await readToken(first)).toBe(renewed)
    expect(refreshesOf(emulator).map(({ status }) => status)).toEqual([200])

    emulator.clearRequests()
    await press(second, words.signOutButton)
    for (const tab of [second, first]) await seesSignedOut(tab)
    await sees(first, 'You were signed out in another tab')
    expect(endpointsOf(emulator)).toEqual([])
  })

  test('a user behind a guard goes back, gets a response without a state, denies, allows: each time where they were', async ({
    routedVisit,
    emulator,
  }) => {
    const place = '/list?page=2#row-7'
    const tab = await routedVisit.open(place)
    const seesThere = async (snapshot: string) => {
      await tab.read(`//output[normalize-space()='${snapshot}']`)
      expect((await tab.address()).endsWith(place), await tab.address()).toBe(true)
    }
    await tab.read(button('Allow'))
    await tab.back()
    await tab.read(button('Sign in'))
    await seesThere('signed-out')
    await tab.goTo('/callback?code=x')
    await seesThere('signed-out callback_invalid')
    await press(tab, 'Leave to sign in')
    await press(tab, 'Deny')
    await seesThere('signed-out access_denied')
    await press(tab, 'Leave to sign in')
    await press(tab, 'Allow')
    await seesThere('signed-in')
    await tab.read(heading('List'))
    const sent = endpointsOf(emulator).filter((endpoint) => ['authorize', 'token'].includes(endpoint))
    expect(sent).toEqual(['authorize', 'authorize', 'authorize', 'token'])
  })
})
