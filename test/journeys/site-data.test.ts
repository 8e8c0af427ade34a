import { describe } from 'vitest'
import { decide } from './support/demo-pages.ts'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'
import { endpointsOf, refreshesOf } from './support/log.ts'
import { clearSiteData, deleteDatabase, storedKeys } from './support/site-data.ts'
import { beginSignIn, openSignedIn, openSignedInTabs, said } from './support/tab-pages.ts'

const cleared = 'signed-out storage_cleared'

describe('site data that is cleared while the app is open', () => {
  test('the database is deleted: every tab ends with storage_cleared, and nothing is written back', async ({
    user,
    emulator,
  }) => {
    const tabs = await openSignedInTabs(user, 3)
    emulator.clearRequests()
    const [first] = tabs
    if (!first) throw new Error('There are three tabs.')
    expect(await deleteDatabase(first)).toBe('deleted')
    for (const page of tabs) await expect(said(page)).toHaveText(cleared)
    expect(await storedKeys(first)).toEqual([])
    expect(endpointsOf(emulator)).toEqual([])
    await first.reload()
    await expect(said(first)).toHaveText('signed-out')
  })

  test('the database is deleted while a refresh is out: its late answer is not written', async ({
    user,
    emulator,
  }) => {
    const [refreshing, other] = await openSignedInTabs(user, 2)
    if (!refreshing || !other) throw new Error('There are two tabs.')
    const hold = emulator.hold('token', { grant: 'refresh_token', when: 'after' })
    await refreshing.evaluate(() => {
      tab.auth.refresh().catch(() => {})
    })
    await hold.arrived
    expect(await deleteDatabase(other)).toBe('deleted')
    for (const page of [refreshing, other]) await expect(said(page)).toHaveText(cleared)
    const answered = refreshing.waitForResponse((response) => response.url().endsWith('/oauth/token'))
    hold.release()
    await (await answered).finished()
    expect(await refreshing.evaluate(() => tab.ask(1))).toEqual([{ code: 'storage_cleared' }])
    for (const page of [refreshing, other]) await expect(said(page)).toHaveText(cleared)
    expect(await storedKeys(other)).toEqual([])
    expect(refreshesOf(emulator)).toHaveLength(1)
  })

  test('the browser clears everything: every tab ends with storage_cleared', async ({ user }) => {
    const tabs = await openSignedInTabs(user, 3)
    const [first] = tabs
    if (!first) throw new Error('There are three tabs.')
    await clearSiteData(first)
    for (const page of tabs) await expect(said(page)).toHaveText(cleared)
    expect(await storedKeys(first)).toEqual([])
  })
})

describe('two clients on one origin', () => {
  test('one signs out: the session of the other and the data of the site stay', async ({
    user,
    emulator,
  }) => {
    const first = await openSignedIn(user)
    await first.evaluate(() => localStorage.setItem('theme', 'dark'))
    const { issuer } = emulator
    const second = await user.context.newPage()
    await second.addInitScript(
      (options) => {
        globalThis.tabOptions = options
      },
      { issuer, sessionName: 'second' },
    )
    await second.goto(first.url())
    await expect(said(second)).toHaveText('signed-out')
    await beginSignIn(second)
    await decide(second, 'Allow')
    await expect(said(second)).toHaveText('signed-in')
    const token = await first.evaluate(() => tab.auth.getAccessToken())

    await second.evaluate(() => tab.auth.refresh())
    await second.evaluate(() => tab.auth.signOut())
    await expect(said(second)).toHaveText('signed-out')
    await expect(said(first)).toHaveText('signed-in')
    expect(await first.evaluate(() => tab.auth.getAccessToken())).toBe(token)
    await first.reload()
    await expect(said(first)).toHaveText('signed-in')
    expect(await first.evaluate(() => localStorage.getItem('theme'))).toBe('dark')
  })
})
