import { describe } from 'vitest'
import { isLong } from '../support/is-long.ts'
import { moveClock, setClockWrong } from './support/clock.ts'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'
import { refreshesOf, sendsPerToken } from './support/log.ts'
import { askInEach, expectRenewal, openSignedInTabs, outcomesOf } from './support/tab-pages.ts'

const TABS = 10
const CALLERS = 20
const ROUNDS = isLong ? 20 : 5
const HOUR_MS = 3_600_000

describe('ten tabs in the background', () => {
  test('twenty callers in each at one expiry send one token request and get two hundred tokens, every time', async ({
    emulator,
    wholeBrowserUser: user,
  }) => {
    await setClockWrong(user, 0)
    const tabs = await openSignedInTabs(user, TABS)
    await user.context.newPage()

    const rounds: string[] = []
    for (let round = 1; round <= ROUNDS; round += 1) {
      await moveClock(tabs, 2 * HOUR_MS)
      emulator.clearRequests()
      const answers = await askInEach(tabs, CALLERS)
      const requests = refreshesOf(emulator).map(({ status }) => status)
      rounds.push(`${requests} for ${answers.length} callers, ${outcomesOf(answers).size} different`)
    }
    const asItShouldBe = `200 for ${TABS * CALLERS} callers, 1 different`
    expect(rounds).toEqual(Array.from({ length: ROUNDS }, () => asItShouldBe))
  })

  test('nobody renews ahead of time until one of them is shown, which does so for all', async ({
    emulator,
    wholeBrowserUser: user,
  }) => {
    await user.context.clock.install()
    const tabs = await openSignedInTabs(user, TABS)
    await user.context.newPage()
    emulator.clearRequests()
    await user.context.clock.fastForward(2 * HOUR_MS)
    const states = await Promise.all(tabs.map((page) => page.evaluate(() => document.visibilityState)))
    expect(new Set(states)).toEqual(new Set(['hidden']))
    expect(emulator.requests()).toEqual([])

    await tabs[0]?.bringToFront()
    await expectRenewal(tabs)
    expect(new Set(sendsPerToken(emulator))).toEqual(new Set([1]))
  })
})

describe('ten visible tabs', () => {
  describe('whose tokens live for four seconds', () => {
    test.override('emulatorOptions', { accessTokenLifetimeSeconds: 4 })

    test('each token is renewed by one of them, once', async ({ user, emulator }) => {
      const tabs = await openSignedInTabs(user, TABS)
      for (let renewals = 0; renewals < 3; renewals += 1)
        await emulator.waitForRequest({ endpoint: 'token', status: 200 })
      await expectRenewal(tabs)
      expect(new Set(sendsPerToken(emulator))).toEqual(new Set([1]))
    })
  })

  describe('whose token the API refuses', () => {
    test.override('userOptions', { mayFail: true })

    test('fifty calls that are answered with 401 cause one refresh and fifty repetitions', async ({
      user,
      emulator,
    }) => {
      const tabs = await openSignedInTabs(user, TABS)
      emulator.expireAccessTokens()
      const hold = emulator.hold('token', { grant: 'refresh_token' })
      const calls = tabs.map((page) => page.evaluate(() => tab.call(5)))
      await hold.arrived
      hold.release()
      const statuses = (await Promise.all(calls)).flat()
      expect(statuses).toEqual(Array.from({ length: 50 }, () => 200))
      expect(refreshesOf(emulator).map(({ status }) => status)).toEqual([200])
      expect(emulator.requests({ endpoint: 'balance', status: 401 }).length).toBeLessThanOrEqual(50)
    })
  })
})
