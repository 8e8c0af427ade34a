import type { Locator, Page } from 'playwright'
import { describe } from 'vitest'
import type { BrowserUser } from './support/browser-user.ts'
import { decide, seen, signIn } from './support/demo-pages.ts'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'
import { refreshesOf, sendsPerToken } from './support/log.ts'
import { deaths } from './support/tab-crash.ts'

declare global {
  /** What the tabs told each other. */
  var heard: unknown[]
}

async function openTwoTabs(user: BrowserUser): Promise<readonly [Page, Page]> {
  const first = await user.open()
  await signIn(first)
  const second = await user.open()
  await expect(seen.signedIn(second)).toBeVisible()
  return [first, second]
}

describe('two tabs', () => {
  test.override('userOptions', { mayFail: true })

  test('two tabs whose token expired send one refresh request', async ({ consoleUser: user, emulator }) => {
    const tabs = await openTwoTabs(user)
    emulator.expireAccessTokens()
    const hold = emulator.hold('token', { grant: 'refresh_token' })
    for (const tab of tabs) await seen.balanceButton(tab).click()
    await hold.arrived
    for (const tab of tabs) await expect(seen.renewing(tab)).toBeVisible()
    hold.release()
    for (const tab of tabs) await expect(tab.getByText('182.40')).toBeVisible()
    expect(refreshesOf(emulator).map(({ status }) => status)).toEqual([200])
  })

  test('one tab renews the token for the other', async ({ consoleUser: user, emulator }) => {
    const [first, second] = await openTwoTabs(user)
    await seen.refreshButton(first).click()
    await expect(seen.events(second)).toContainText('Another tab renewed the token')
    const token = await seen.token(first).textContent()
    await expect(seen.token(second)).toHaveText(String(token))
    expect(refreshesOf(emulator)).toHaveLength(1)
  })
})

describe('a tab that is closed while its refresh request is out', () => {
  /** Closes the first tab when its request has come as far as `when`, while the second one waits for the token. */
  async function closeMidRefresh(
    [first, second]: readonly [Page, Page],
    hold: { readonly arrived: Promise<unknown> },
  ): Promise<void> {
    await seen.refreshButton(first).click()
    await hold.arrived
    await seen.refreshButton(second).click()
    await expect(seen.renewing(second)).toBeVisible()
    await first.close()
  }

  test('before the server processed it, the other tab renews the token itself', async ({
    consoleUser: user,
    emulator,
  }) => {
    const tabs = await openTwoTabs(user)
    await closeMidRefresh(tabs, emulator.hold('token', { grant: 'refresh_token', when: 'before' }))
    await expect(seen.events(tabs[1])).toContainText('This tab renewed the token')
    await expect(seen.signedIn(tabs[1])).toBeVisible()
    expect(sendsPerToken(emulator)).toEqual([2])
  })

  describe('of a server with a grace period', () => {
    test.override('emulatorOptions', { refreshGracePeriodSeconds: 60 })

    test('after the server processed it, the other tab renews the token itself', async ({
      consoleUser: user,
      emulator,
    }) => {
      const tabs = await openTwoTabs(user)
      await closeMidRefresh(tabs, emulator.hold('token', { grant: 'refresh_token', when: 'after' }))
      await expect(seen.events(tabs[1])).toContainText('This tab renewed the token')
      await expect(seen.signedIn(tabs[1])).toBeVisible()
      expect(sendsPerToken(emulator)).toEqual([2])
    })
  })

  describe('of a server without one', () => {
    test.override('userOptions', { mayFail: true })

    test('after the server processed it, the other tab is signed out with refresh_response_lost', async ({
      consoleUser: user,
      emulator,
    }) => {
      const tabs = await openTwoTabs(user)
      await closeMidRefresh(tabs, emulator.hold('token', { grant: 'refresh_token', when: 'after' }))
      await expect(seen.problem(tabs[1])).toContainText('refresh_response_lost')
      expect(refreshesOf(emulator).map(({ error }) => error)).toEqual([undefined, 'invalid_grant'])

      await tabs[1].getByRole('button', { name: 'Sign in again' }).click()
      await decide(tabs[1], 'Allow')
      await expect(seen.signedIn(tabs[1])).toBeVisible()
    })
  })
})

describe('the list of open tabs', () => {
  /** The tabs that a page lists, in the order of opening. */
  function listed(page: Page): Locator {
    return page.getByRole('list', { name: /open$/ }).getByRole('listitem')
  }

  test('has every tab, on whatever page, and says which one got the token last', async ({
    consoleUser: user,
  }) => {
    const first = await user.open()
    await signIn(first)
    const second = await user.open('/clients?page=1')
    await expect(listed(first)).toContainText(['Session', 'OAuth clients'])
    await expect(listed(first).first()).toContainText('this tab')
    await expect(listed(first).first()).toContainText('refreshed last')
    await expect(listed(first).last()).toContainText('asked for no token')

    await second.evaluate(() => {
      globalThis.heard = []
      new BroadcastChannel('telnyx-console-tabs').onmessage = ({ data }) => heard.push(data)
    })
    await second.getByRole('link', { name: 'Session' }).click()
    await expect(listed(first)).toContainText(['Session', 'Session'])
    await seen.refreshButton(second).click()
    for (const tab of [first, second]) {
      await expect(listed(tab).last()).toContainText('refreshed last')
      await expect(listed(tab).first()).not.toContainText('refreshed last')
    }
    const told = JSON.stringify(await second.evaluate(() => heard))
    expect(told).toContain('"renewedAtMs"')
    for (const secret of await user.secrets()) expect(told).not.toContain(secret)
  })

  test.for(['closed', 'crashed'] as const)('loses a tab that is %s', async (death, { consoleUser: user }) => {
    const [first, second] = await openTwoTabs(user)
    await expect(listed(first)).toHaveCount(2)
    await deaths[death](second)
    await expect(listed(first)).toHaveCount(1)
    await expect(first.getByRole('heading', { name: '1 tab is open' })).toBeVisible()
  })

  test('loses a tab that left the console, and has it again when it comes back as it was', async ({
    wholeConsoleUser: user,
  }) => {
    const [first, second] = await openTwoTabs(user)
    await expect(listed(first)).toHaveCount(2)
    await second.evaluate(() => {
      globalThis.heard = ['kept']
    })
    await second.goto('about:blank')
    await expect(listed(first)).toHaveCount(1)
    await second.goBack({ waitUntil: 'commit' })
    expect(await second.evaluate(() => heard), 'whether it came out of the cache').toEqual(['kept'])
    for (const tab of [first, second]) await expect(listed(tab)).toHaveCount(2)
  })

  test('says which tab can be seen', async ({ wholeConsoleUser: user }) => {
    const [first, second] = await openTwoTabs(user)
    await expect(listed(second)).toContainText(['Hidden', 'Visible'])
    await first.bringToFront()
    await expect(listed(first)).toContainText(['Visible', 'Hidden'])
  })
})
