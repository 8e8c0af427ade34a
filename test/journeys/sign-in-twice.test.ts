import type { Page } from 'playwright'
import { describe } from 'vitest'
import type { BrowserUser } from './support/browser-user.ts'
import { decide } from './support/demo-pages.ts'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'
import { beginSignIn, openSignedIn, openSignedOut, said } from './support/tab-pages.ts'

/** Opens a tab and leaves for the consent page. */
async function leave(user: BrowserUser): Promise<Page> {
  const page = await openSignedOut(user)
  await beginSignIn(page)
  await page.getByRole('button', { name: 'Allow' }).waitFor()
  return page
}

describe('crossed sign-ins', () => {
  test('two tabs that sign in at once and finish in the other order are both signed in, with one token', async ({
    user,
    emulator,
  }) => {
    const [first, second] = [await leave(user), await leave(user)]
    for (const page of [second, first]) {
      await decide(page, 'Allow')
      await expect(said(page)).toHaveText('signed-in')
    }
    const token = await first.evaluate(() => tab.auth.getAccessToken())
    await expect.poll(() => second.evaluate(() => tab.auth.getAccessToken())).toBe(token)
    expect(emulator.requests({ grant: 'authorization_code' }).map(({ status }) => status)).toEqual([200, 200])
  })

  test('another person who signs in in another tab replaces the session in both, and events say so', async ({
    user,
    emulator,
  }) => {
    const [stranger, first] = [await leave(user), await openSignedIn(user)]
    const sessionId = () =>
      first.evaluate(() => {
        const snapshot = tab.auth.getSnapshot()
        return snapshot.status === 'signed-in' ? snapshot.sessionId : ''
      })
    const before = await sessionId()
    await stranger.getByRole('radio', { name: 'Noor Haddad' }).check()
    await decide(stranger, 'Allow')
    await expect(said(stranger)).toHaveText('signed-in')
    await expect.poll(sessionId).not.toBe(before)
    const token = await stranger.evaluate(() => tab.auth.getAccessToken())
    expect(await first.evaluate(() => tab.auth.getAccessToken())).toBe(token)
    const replaced = user.said.filter((line) => line.includes('"session-replaced"'))
    expect(
      replaced.some((line) => line.includes(before)),
      'an event names the session that went',
    ).toBe(true)
    expect(new Set(emulator.grants.map(({ accountId }) => accountId)).size, 'people').toBe(2)
  })
})

describe('a server that knows who signed in before, keeps one grant for them, and can revoke it', () => {
  test.override('emulatorOptions', { revocation: true, rememberSignIn: true })

  test('a second sign-in of the same person replaces the first, and is not ended with it', async ({
    user,
    emulator,
  }) => {
    const page = await openSignedIn(user)
    const back = page.waitForRequest((request) => request.postData()?.includes('authorization_code') ?? false)
    await beginSignIn(page)
    await back
    await expect(said(page)).toHaveText('signed-in')
    expect(emulator.grants).toHaveLength(1)
    await page.evaluate(() => tab.auth.refresh())
    await expect(said(page)).toHaveText('signed-in')
    expect(emulator.requests({ endpoint: 'token' }).map(({ status }) => status)).toEqual([200, 200, 200])
  })
})
