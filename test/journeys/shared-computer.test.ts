import { describe } from 'vitest'
import { moveClock, setClockWrong } from './support/clock.ts'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'
import { endpointsOf } from './support/log.ts'
import { askInEach, openSignedIn, openSignedInTabs, outcomesOf, said } from './support/tab-pages.ts'

const minuteMs = 60_000

describe('an app that ends sessions after half an hour without a click', () => {
  test.override({
    tabOptions: { idleTimeoutMs: 30 * minuteMs },
    emulatorOptions: { accessTokenLifetimeSeconds: 86_400 },
  })

  test('keeps a person who clicks in one of two tabs, and ends the session of one who comes back too late', async ({
    user,
    emulator,
  }) => {
    await setClockWrong(user, 0)
    const tabs = await openSignedInTabs(user, 2)
    const [used] = tabs
    emulator.clearRequests()
    for (let clicks = 0; clicks < 3; clicks += 1) {
      await moveClock(tabs, 20 * minuteMs)
      await used?.mouse.click(1, 1)
    }
    const answers = await askInEach(tabs, 5)
    expect(outcomesOf(answers).size).toBe(1)
    expect(answers.every(({ token }) => token)).toBe(true)

    await moveClock(tabs, 31 * minuteMs)
    await used?.mouse.click(1, 1)
    for (const page of tabs) await expect(said(page)).toHaveText('signed-out session_expired')
    expect(outcomesOf(await askInEach(tabs, 5))).toEqual(new Set(['error session_expired']))
    expect(endpointsOf(emulator)).toEqual([])
  })
})

describe('an app that ends sessions after eight hours', () => {
  test.override('tabOptions', { maxSessionMs: 480 * minuteMs })

  test('does so for a tab that is opened after that, without a request', async ({ user, emulator }) => {
    await setClockWrong(user, 0)
    const page = await openSignedIn(user)
    emulator.clearRequests()
    await user.context.addInitScript((ms) => {
      globalThis.clockErrorMs = ms
    }, 480 * minuteMs)
    await page.close()
    const later = await user.open()
    await expect(said(later)).toHaveText('signed-out session_expired')
    // The reason is shown at once; that the session is over is stored a moment later.
    await expect(async () => {
      await later.reload()
      await expect(said(later)).toHaveText(/^signed-out/)
      expect(await said(later).textContent(), 'nothing is left of the session').toBe('signed-out')
    }).toPass()
    expect(endpointsOf(emulator)).toEqual([])
  })
})
