import { beforeEach, describe, expect } from 'vitest'
import { type EngineName, whyMissing } from '../../../scripts/support/browsers.mjs'
import { words } from '../support/demo-pages.ts'
import { endpointsOf, refreshesOf } from '../support/log.ts'
import { press, readToken, sees, seesSignedIn, seesSignedOut, signIn } from './support/demo-tab.ts'
import { test } from './support/engine-test.ts'
import type { Tab, Visit } from './support/tab.ts'

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
})
