import type { Page } from 'playwright'
import { expect } from 'playwright/test'
import { describe } from 'vitest'
import { decide, seen, signIn } from './support/demo-pages.ts'
import { test } from './support/demo-test.ts'
import { refreshesOf, sendsPerToken } from './support/log.ts'
import type { Visitor } from './support/visitor.ts'

async function openTwoTabs(visitor: Visitor): Promise<readonly [Page, Page]> {
  const first = await visitor.open()
  await signIn(first)
  const second = await visitor.open()
  await expect(seen.signedIn(second)).toBeVisible()
  return [first, second]
}

describe('two tabs', () => {
  test.override('visitOptions', { mayFail: true })

  test('two tabs whose token expired send one refresh request', async ({ visitor, emulator }) => {
    const tabs = await openTwoTabs(visitor)
    emulator.expireAccessTokens()
    const hold = emulator.hold('token', { grant: 'refresh_token' })
    for (const tab of tabs) await seen.balanceButton(tab).click()
    await hold.arrived
    for (const tab of tabs) await expect(seen.renewing(tab)).toBeVisible()
    hold.release()
    for (const tab of tabs) await expect(tab.getByText('182.40')).toBeVisible()
    expect(refreshesOf(emulator).map(({ status }) => status)).toEqual([200])
  })

  test('one tab renews the token for the other', async ({ visitor, emulator }) => {
    const [first, second] = await openTwoTabs(visitor)
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
    visitor,
    emulator,
  }) => {
    const tabs = await openTwoTabs(visitor)
    await closeMidRefresh(tabs, emulator.hold('token', { grant: 'refresh_token', when: 'before' }))
    await expect(seen.events(tabs[1])).toContainText('This tab renewed the token')
    await expect(seen.signedIn(tabs[1])).toBeVisible()
    expect(sendsPerToken(emulator)).toEqual([2])
  })

  describe('of a server with a grace period', () => {
    test.override('emulatorOptions', { refreshGracePeriodSeconds: 60 })

    test('after the server processed it, the other tab renews the token itself', async ({
      visitor,
      emulator,
    }) => {
      const tabs = await openTwoTabs(visitor)
      await closeMidRefresh(tabs, emulator.hold('token', { grant: 'refresh_token', when: 'after' }))
      await expect(seen.events(tabs[1])).toContainText('This tab renewed the token')
      await expect(seen.signedIn(tabs[1])).toBeVisible()
      expect(sendsPerToken(emulator)).toEqual([2])
    })
  })

  describe('of a server without one', () => {
    test.override('visitOptions', { mayFail: true })

    test('after the server processed it, the other tab is signed out with refresh_response_lost', async ({
      visitor,
      emulator,
    }) => {
      const tabs = await openTwoTabs(visitor)
      await closeMidRefresh(tabs, emulator.hold('token', { grant: 'refresh_token', when: 'after' }))
      await expect(seen.problem(tabs[1])).toContainText('refresh_response_lost')
      expect(refreshesOf(emulator).map(({ error }) => error)).toEqual([undefined, 'invalid_grant'])

      await tabs[1].getByRole('button', { name: 'Sign in again' }).click()
      await decide(tabs[1], 'Allow')
      await expect(seen.signedIn(tabs[1])).toBeVisible()
    })
  })
})
