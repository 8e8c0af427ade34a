import type { Page } from 'playwright'
import { describe } from 'vitest'
import { isLong } from '../support/is-long.ts'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'
import { refreshesOf, sendsPerToken } from './support/log.ts'
import { openSignedIn, said } from './support/tab-pages.ts'

/** Opens a tab from another one, which copies its session storage. */
async function copy(page: Page): Promise<Page> {
  const opening = page.waitForEvent('popup')
  await page.evaluate(() => {
    open(location.href)
  })
  return opening
}

/** Refreshes. @returns the code of an error, if there is one */
const refresh = (page: Page): Promise<string | undefined> =>
  page.evaluate(() =>
    tab.auth.refresh().then(
      () => undefined,
      ({ code }) => String(code),
    ),
  )

describe('a session that is kept in sessionStorage', () => {
  test.override('tabOptions', { storage: 'session-storage' })

  test('is copied to a tab that is opened from it, but for the refresh token', async ({ user, emulator }) => {
    const original = await openSignedIn(user)
    const copied = await copy(original)
    await expect(said(copied)).toHaveText('signed-in')
    expect(await refresh(copied)).toBe('session_expired')
    expect(await refresh(original)).toBe(undefined)
    expect(sendsPerToken(emulator)).toEqual([1])
    expect(refreshesOf(emulator).map(({ status }) => status)).toEqual([200])
  })

  test('is as good after a reload, however often', async ({ user, emulator }) => {
    const page = await openSignedIn(user)
    for (let reloads = 0; reloads < (isLong ? 20 : 5); reloads += 1) await page.reload()
    await expect(said(page)).toHaveText('signed-in')
    expect(await refresh(page)).toBe(undefined)
    expect(sendsPerToken(emulator)).toEqual([1])
  })

  test('belongs to the tab: a copy that is reloaded stays a copy, the original stays the original', async ({
    user,
    emulator,
  }) => {
    const original = await openSignedIn(user)
    const copied = await copy(original)
    await expect(said(copied)).toHaveText('signed-in')
    for (const page of [copied, original]) {
      await page.reload()
      await expect(said(page)).toHaveText('signed-in')
    }
    expect([await refresh(copied), await refresh(original)]).toEqual(['session_expired', undefined])
    expect(sendsPerToken(emulator)).toEqual([1])
  })
})
