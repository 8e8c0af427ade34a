import type { Page } from 'playwright'
import { describe } from 'vitest'
import { isLong } from '../support/is-long.ts'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'
import { refreshesOf, sendsPerToken } from './support/log.ts'
import {
  expectRenewal,
  openSignedIn,
  openSignedInTabs,
  outcomesOf,
  refreshInTurn,
  said,
} from './support/tab-pages.ts'
import {
  beginRefresh,
  refreshesFrom,
  reloadDuringRefresh,
  useSharedWorker,
  workersOf,
} from './support/worker-tabs.ts'

describe('the tab that refreshes is closed', () => {
  test.for(['before', 'after'] as const)(
    '%s the server processed its request, and the other tab, which never refreshed, has the answer',
    async (when, { user, emulator }) => {
      await useSharedWorker(user)
      const [dying, other] = await openSignedInTabs(user, 2)
      if (!dying || !other) throw new Error('There are two tabs.')
      const hold = emulator.hold('token', { grant: 'refresh_token', when })
      await beginRefresh(dying)
      await hold.arrived
      await dying.close()
      await beginRefresh(other)
      hold.release()
      await expectRenewal([other])
      await expect(said(other)).toHaveText('signed-in')
      expect(sendsPerToken(emulator), 'how often each refresh token was sent').toEqual([1])

      await other.evaluate(() => tab.auth.refresh())
      expect(sendsPerToken(emulator), 'and the next one').toEqual([1, 1])
    },
  )
})

const ROUNDS = isLong ? 5 : 2

describe('a tab that is closed while the answer is on its way, of a server without a grace period', () => {
  // A refresh token that is sent twice is refused, which the browser notes in the console.
  test.override('userOptions', { mayFail: true })

  const isLost = (page: Page) => expect(said(page)).toHaveText('signed-out refresh_response_lost')

  test.for([
    ['with the worker, the session goes on', useSharedWorker, (page: Page) => expectRenewal([page]), ROUNDS],
    ['without it, the session is lost', () => {}, isLost, 2 * ROUNDS],
  ] as const)(
    `%s, in ${ROUNDS} of ${ROUNDS} cases`,
    async ([, prepare, ends, requests], { user, emulator }) => {
      await prepare(user)
      for (let round = 0; round < ROUNDS; round += 1) {
        const [dying, other] = await openSignedInTabs(user, 2)
        if (!dying || !other) throw new Error('There are two tabs.')
        const hold = emulator.hold('token', { grant: 'refresh_token', when: 'after' })
        await beginRefresh(dying)
        await hold.arrived
        await dying.close()
        await beginRefresh(other)
        hold.release()
        await ends(other)
        await other.evaluate(() => tab.auth.signOut())
        await other.close()
      }
      expect(refreshesOf(emulator)).toHaveLength(requests)
    },
  )
})

test('an answer that arrived when no tab was there to store it is kept for the next one', async ({
  user,
  emulator,
}) => {
  await useSharedWorker(user)
  const [dying, other] = await openSignedInTabs(user, 2)
  if (!dying || !other) throw new Error('There are two tabs.')
  const hold = emulator.hold('token', { grant: 'refresh_token', when: 'after' })
  await beginRefresh(dying)
  await hold.arrived
  await dying.close()
  const answered = emulator.waitForRequest({ grant: 'refresh_token' })
  hold.release()
  await answered
  await other.evaluate(() => tab.auth.refresh())
  await expect(said(other)).toHaveText('signed-in')
  expect(sendsPerToken(emulator)).toEqual([1])
})

test('a single tab that is reloaded in the middle of a refresh goes on with its response, in 5 of 5 cases', async ({
  user,
  emulator,
}) => {
  await useSharedWorker(user)
  const page = await openSignedIn(user)
  for (let round = 0; round < 5; round += 1) await reloadDuringRefresh(page, emulator)
  expect(sendsPerToken(emulator)).toEqual([1, 1, 1, 1, 1])
})

describe('a server that does not rotate', () => {
  test.override('emulatorOptions', { rotateRefreshTokens: false })

  test('answers every refresh itself, in every tab', async ({ user, emulator, browser, site }) => {
    await useSharedWorker(user)
    const tabs = await openSignedInTabs(user, 2)
    const sent = tabs.map(refreshesFrom)
    const tokens = await refreshInTurn([...tabs, ...tabs])
    expect(new Set(tokens).size).toBe(4)
    expect(sent.flat(), 'what the tabs sent themselves').toEqual([])
    expect(refreshesOf(emulator).map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(await workersOf(browser, site.origin)).toHaveLength(1)
  })
})

describe('an access token that the API refuses', () => {
  test.override('userOptions', { mayFail: true })

  test('ten callers in each of three tabs cause one request, which no tab sent', async ({
    user,
    emulator,
  }) => {
    await useSharedWorker(user)
    const tabs = await openSignedInTabs(user, 3)
    const sent = tabs.map(refreshesFrom)
    emulator.expireAccessTokens()
    const statuses = await Promise.all(tabs.map((page) => page.evaluate(() => tab.call(10))))
    expect(new Set(statuses.flat())).toEqual(new Set([200]))
    const answers = await Promise.all(tabs.map((page) => page.evaluate(() => tab.ask(10))))
    expect(outcomesOf(answers.flat()).size).toBe(1)
    expect([sent.flat(), refreshesOf(emulator).map(({ status }) => status)]).toEqual([[], [200]])
  })
})
