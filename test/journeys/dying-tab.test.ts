import type { Emulator, EmulatorOptions, Hold, HoldOptions } from '@telnyx-oauth/emulator'
import type { Page } from 'playwright'
import { describe } from 'vitest'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'
import { refreshesOf, sendsPerToken } from './support/log.ts'
import { deaths, freeze } from './support/tab-crash.ts'
import { openSignedInTabs, said } from './support/tab-pages.ts'

interface Cell {
  readonly when: NonNullable<HoldOptions['when']>
  readonly server: string
  readonly emulatorOptions: EmulatorOptions
  readonly outcome: 'signed-in' | 'signed-out refresh_response_lost'
}

/** The cells of what a lost request can mean. */
const cells: readonly Cell[] = [
  { when: 'before', server: 'a server', emulatorOptions: {}, outcome: 'signed-in' },
  {
    when: 'after',
    server: 'a server with a grace period',
    emulatorOptions: { refreshGracePeriodSeconds: 60 },
    outcome: 'signed-in',
  },
  {
    when: 'after',
    server: 'a server without a grace period',
    emulatorOptions: {},
    outcome: 'signed-out refresh_response_lost',
  },
]

const tabOptions = { requestTimeoutMs: 1500 }

/** Lets one tab refresh until its request has come as far as the cell says, and the others wait for it. */
async function refreshInAll(
  emulator: Emulator,
  tabs: readonly Page[],
  when: Cell['when'],
): Promise<{ readonly dying: Page; readonly others: readonly Page[]; readonly hold: Hold }> {
  const [dying, ...others] = tabs
  if (!dying) throw new Error('There are no tabs.')
  const hold = emulator.hold('token', { grant: 'refresh_token', when })
  await startRefresh(dying)
  await hold.arrived
  for (const page of others) {
    await startRefresh(page)
    await expect(said(page)).toHaveText('signed-in refreshing')
  }
  return { dying, others, hold }
}

function startRefresh(page: Page): Promise<void> {
  return page.evaluate(() => {
    tab.auth.refresh().catch(() => {})
  })
}

/** One request of the tab that died, one of another tab: the same token, because nobody knows a newer one. */
function expectTwoSends(emulator: Emulator, outcome: Cell['outcome']): void {
  expect(sendsPerToken(emulator)).toEqual([2])
  const refused = refreshesOf(emulator).filter(({ error }) => error === 'invalid_grant')
  expect(refused).toHaveLength(outcome === 'signed-in' ? 0 : 1)
}

describe.each(cells)('$when $server processed its refresh request', ({ when, emulatorOptions, outcome }) => {
  test.override({ emulatorOptions, userOptions: { mayFail: true }, tabOptions })

  for (const [name, die] of Object.entries(deaths)) {
    test(`a tab is ${name}: the others are ${outcome}`, async ({ user, emulator }) => {
      const tabs = await openSignedInTabs(user, 3)
      const { dying, others, hold } = await refreshInAll(emulator, tabs, when)
      await die(dying)
      if (when === 'after') hold.release()
      for (const page of others) await expect(said(page)).toHaveText(outcome)
      expectTwoSends(emulator, outcome)
    })
  }

  test('a tab is frozen: the others wait for it, and all go on with its token when it wakes up', async ({
    wholeBrowserUser: user,
    emulator,
  }) => {
    const tabs = await openSignedInTabs(user, 3)
    const { dying, others, hold } = await refreshInAll(emulator, tabs, when)
    const wake = await freeze(dying)
    hold.release()
    await expect.poll(() => refreshesOf(emulator).length).toBe(1)
    for (const page of others) await expect(said(page)).toHaveText('signed-in refreshing')
    await wake()
    for (const page of tabs) await expect(said(page)).toHaveText('signed-in')
    expect(sendsPerToken(emulator)).toEqual([1])
    const answers = await Promise.all(tabs.map((page) => page.evaluate(() => tab.ask(1))))
    expect(new Set(answers.map(([answer]) => JSON.stringify(answer))).size, 'different tokens').toBe(1)
  })
})

test('a tab that is frozen while nothing is under way does not keep the others from storing tokens', async ({
  wholeBrowserUser: user,
  emulator,
}) => {
  const [frozen, other] = await openSignedInTabs(user, 2)
  if (!frozen || !other) throw new Error('There are two tabs.')
  const wake = await freeze(frozen)
  for (let refreshes = 0; refreshes < 3; refreshes += 1) await other.evaluate(() => tab.auth.refresh())
  await expect(said(other)).toHaveText('signed-in')
  expect(sendsPerToken(emulator)).toEqual([1, 1, 1])
  await wake()
  await expect(said(frozen)).toHaveAttribute('data-renewals', '1')
  const token = await other.evaluate(() => tab.auth.getAccessToken())
  expect(await frozen.evaluate(() => tab.auth.getAccessToken())).toBe(token)
})
