import { describe } from 'vitest'
import { moveClock, setClockWrong } from './support/clock.ts'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'
import { refreshesOf, sendsPerToken } from './support/log.ts'
import { askInEach, expectRenewal, openSignedInTabs, outcomesOf, said } from './support/tab-pages.ts'

const HOUR_MS = 3_600_000

describe('offline', () => {
  test.override({ userOptions: { mayFail: true } })

  test('past the expiry the session stays, stale, and heals as soon as the connection is back', async ({
    user,
    emulator,
  }) => {
    await user.context.clock.install()
    const tabs = await openSignedInTabs(user, 3)
    await user.context.setOffline(true)
    await user.context.clock.fastForward(2 * HOUR_MS)
    for (const page of tabs)
      await expect(said(page)).toHaveText(/^signed-in( refreshing)? stale network_error$/)
    expect([...outcomesOf(await askInEach(tabs, 5))]).toEqual(['error network_error'])

    await user.context.setOffline(false)
    for (const page of tabs) await expect(said(page)).toHaveText('signed-in')
    await expectRenewal(tabs)
    expect(new Set(sendsPerToken(emulator)), 'requests per refresh token').toEqual(new Set([1]))
  })
})

describe('a clock that is wrong', () => {
  test.override({ emulatorOptions: { accessTokenLifetimeSeconds: 4 } })

  for (const [name, errorMs] of [
    ['an hour ahead', HOUR_MS],
    ['an hour behind', -HOUR_MS],
  ] as const) {
    test(`${name} lets tokens live as long as they do, and renews each of them once`, async ({
      user,
      emulator,
    }) => {
      await setClockWrong(user, errorMs)
      const tabs = await openSignedInTabs(user, 3)
      const refreshed = () => emulator.waitForRequest({ grant: 'refresh_token', status: 200 })
      const { atMs: firstAtMs } = await refreshed()
      const { atMs: secondAtMs } = await refreshed()
      expect(secondAtMs - firstAtMs, 'time between two renewals').toBeGreaterThan(1500)
      await expectRenewal(tabs)
      for (const page of tabs) expect(await page.evaluate(() => tab.call(1))).toEqual([200])
      expect(new Set(sendsPerToken(emulator)), 'requests per refresh token').toEqual(new Set([1]))
    })
  }
})

describe('a clock that jumps', () => {
  test('by a night of sleep costs one request, and every caller gets its token', async ({
    user,
    emulator,
  }) => {
    await setClockWrong(user, 0)
    const tabs = await openSignedInTabs(user, 3)
    await moveClock(tabs, 8 * HOUR_MS)
    emulator.expireAccessTokens()
    const tokens = outcomesOf(await askInEach(tabs, 20))
    expect(tokens.size).toBe(1)
    expect(refreshesOf(emulator).map(({ status }) => status)).toEqual([200])
    for (const page of tabs) expect(await page.evaluate(() => tab.call(1))).toEqual([200])
  })

  test('back and forth by an hour costs a request per jump and never the session', async ({
    user,
    emulator,
  }) => {
    await setClockWrong(user, 0)
    const tabs = await openSignedInTabs(user, 3)
    for (const [jumps, jumpMs] of [-HOUR_MS, HOUR_MS, HOUR_MS, -HOUR_MS].entries()) {
      await moveClock(tabs, jumpMs)
      expect(outcomesOf(await askInEach(tabs, 20)).size, 'different answers').toBe(1)
      expect(refreshesOf(emulator).length, 'requests so far').toBeLessThanOrEqual(jumps + 1)
    }
    for (const page of tabs) await expect(said(page)).toHaveText('signed-in')
    expect(new Set(sendsPerToken(emulator)), 'requests per refresh token').toEqual(new Set([1]))
  })
})
