import type { EmulatorOptions, Fault } from '@telnyx-oauth/emulator'
import { describe } from 'vitest'
import { isLong } from '../support/is-long.ts'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'
import { createQueue } from './support/in-turn.ts'
import { refreshesOf } from './support/log.ts'
import { askInEach, openSignedIn, openSignedInTabs, outcomesOf, said } from './support/tab-pages.ts'

const HOUR_MS = 3_600_000
const inTurn = createQueue()

/** What goes wrong, and what callers are told meanwhile. */
const troubles: readonly (readonly [trouble: string, Fault, code: string])[] = [
  // Longer than callers and other tabs wait, and so short that the browser's few connections do not run out.
  ['silence', { delayMs: 5000, drop: true }, 'network_error'],
  [
    'HTML',
    { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>Please wait' },
    'response_invalid',
  ],
  ['a cut connection', { drop: true }, 'network_error'],
  ['503', { status: 503 }, 'server_unavailable'],
  ['429 with Retry-After: 0', { status: 429, headers: { 'retry-after': '0' } }, 'server_unavailable'],
]

interface Cell {
  readonly moment: string
  readonly when: NonNullable<Fault['when']>
  readonly emulatorOptions: EmulatorOptions
  readonly outcome: string
  readonly status: string
}

// The tabs renew at half of that; the trouble lasts from then until the token has expired.
const brief: EmulatorOptions = { accessTokenLifetimeSeconds: isLong ? 20 : 10 }

const cells: readonly Cell[] = [
  {
    moment: 'before it processed the requests',
    when: 'before',
    emulatorOptions: brief,
    outcome: 'every tab stays signed in and recovers by itself',
    status: 'signed-in',
  },
  {
    moment: 'after it processed them, with a grace period',
    when: 'after',
    emulatorOptions: { ...brief, refreshGracePeriodSeconds: 120 },
    outcome: 'every tab stays signed in and recovers by itself',
    status: 'signed-in',
  },
  {
    moment: 'after it processed them, without a grace period',
    when: 'after',
    emulatorOptions: brief,
    outcome: 'every tab ends, with the reason',
    status: 'signed-out',
  },
]

for (const { moment, when, emulatorOptions, outcome, status } of cells) {
  // A tab cannot tell when a response went wrong, only how. The default run has a kind that loses it, and one that does not.
  const cellTroubles = isLong
    ? troubles
    : troubles.filter(
        ([trouble]) => trouble === 'a cut connection' || (trouble === '503' && when === 'before'),
      )
  describe.concurrent(`a token endpoint that is broken ${moment}`, () => {
    test.override({
      emulatorOptions,
      tabOptions: { requestTimeoutMs: 2000 },
      userOptions: { mayFail: true },
    })

    for (const [trouble, fault, code] of cellTroubles) {
      test(`${trouble}: ${outcome}`, { timeout: 150_000 }, async ({ user, emulator }) => {
        const { tabs, planted } = await inTurn(async () => ({
          tabs: await openSignedInTabs(user, 2),
          planted: emulator.fail('token', { ...fault, when, grant: 'refresh_token', times: 1_000_000 }),
        }))
        for (const page of tabs) await expect(said(page)).toHaveText(/stale/, { timeout: 30_000 })
        for (const page of tabs) await page.evaluate(() => tab.expiry())
        for (const answer of await askInEach(tabs, 5))
          expect(['refresh_pending', code], 'what callers are told').toContain(answer.code)
        for (const page of tabs) await expect(said(page)).toHaveText(/^signed-in/)
        expect(refreshesOf(emulator).length, 'requests in that time').toBeLessThan(40)
        planted.remove()

        // A server that was busy, and a portal in its place, lost no response.
        const reason = fault.drop ? 'refresh_response_lost' : 'invalid_grant'
        const isOver = status === 'signed-in' ? /^signed-in( refreshing)?$/ : `${status} ${reason}`
        for (const page of tabs) await expect(said(page)).toHaveText(isOver, { timeout: 40_000 })
        for (const answer of await askInEach(tabs, 5)) {
          if (status === 'signed-in') expect(answer).toEqual({ token: expect.any(String) })
          else expect(answer).toEqual({ code: reason })
        }
      })
    }
  })
}

test('a token endpoint that rotates at once and responds a minute later gets one request, and both tabs go on', async ({
  user,
  emulator,
}) => {
  const { clock } = user.context
  await clock.install()
  const tabs = await openSignedInTabs(user, 2)
  const hold = emulator.hold('token', { grant: 'refresh_token', when: 'after' })
  await clock.pauseAt(Date.now() + HOUR_MS)
  await hold.arrived
  const calls = askInEach(tabs, 5)
  for (const page of tabs) await expect(said(page)).toHaveText(/refreshing/)
  await clock.fastForward(60_000)
  expect([...outcomesOf(await calls)]).toEqual(['error refresh_pending'])
  hold.release()
  for (const page of tabs) await expect(said(page)).toHaveText('signed-in')
  expect(outcomesOf(await askInEach(tabs, 5)).size).toBe(1)
  expect(refreshesOf(emulator).map(({ status }) => status)).toEqual([200])
})

/** The ways in which servers word that a refresh token is dead, and the reason for which the session then ends. */
const refusals = [
  ['challenge', 'invalid_grant'],
  ['empty', 'refresh_rejected'],
  ['invalid_request', 'refresh_rejected'],
  ['v2-errors', 'refresh_rejected'],
] as const

describe.each(refusals)('a server that refuses a dead refresh token in the words %s', (words, reason) => {
  test.override({
    // Doorkeeper's challenge stands in a header that the page can read.
    emulatorOptions: { refreshTokenRefusal: words, cors: { exposeHeaders: ['WWW-Authenticate'] } },
    userOptions: { mayFail: true },
  })

  test(`the session ends with ${reason}`, async ({ user, emulator }) => {
    await user.context.clock.install()
    const page = await openSignedIn(user)
    await page.clock.pauseAt(await page.evaluate(() => Date.now() + 60_000))
    for (const { id } of emulator.grants) emulator.revokeGrant(id)
    const refused = () => emulator.waitForRequest({ grant: 'refresh_token', status: 400 })
    let answered = refused()
    await page.evaluate(() => {
      tab.auth.refresh().catch(() => {})
    })
    await answered
    // A server may be mistaken, unless it says so three times over a minute.
    for (const _ of reason === 'refresh_rejected' ? [2, 3] : []) {
      await expect(said(page)).toHaveText('signed-in stale refresh_rejected')
      answered = refused()
      await page.clock.fastForward(70_000)
      await answered
    }
    await expect(said(page)).toHaveText(`signed-out ${reason}`)
  })
})
