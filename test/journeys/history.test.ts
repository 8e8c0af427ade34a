import { describe } from 'vitest'
import { decide } from './support/demo-pages.ts'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'
import { endpointsOf } from './support/log.ts'
import { beginSignIn, openSignedIn, openSignedOut, said } from './support/tab-pages.ts'

declare global {
  /** Set in a page that is to come back as it was. */
  var mark: string | undefined
}

describe('the back-forward cache', () => {
  test('a page that comes back out of it is signed in, with the token that another tab got meanwhile', async ({
    wholeBrowserUser: user,
  }) => {
    const page = await openSignedIn(user)
    const other = await user.open()
    await expect(said(other)).toHaveText('signed-in')
    await page.evaluate(() => {
      globalThis.mark = 'kept'
    })
    await page.goto('about:blank')
    await other.evaluate(() => tab.auth.refresh())
    await page.goBack({ waitUntil: 'commit' })
    expect(await page.evaluate(() => globalThis.mark), 'whether it came out of the cache').toBe('kept')
    await expect(said(page)).toHaveAttribute('data-renewals', '1')
    await expect(said(page)).toHaveText('signed-in')
    const token = await other.evaluate(() => tab.auth.getAccessToken())
    expect(await page.evaluate(() => tab.auth.getAccessToken())).toBe(token)
  })

  test('a page that comes back out of it is signed out, if another tab signed out meanwhile', async ({
    wholeBrowserUser: user,
  }) => {
    const page = await openSignedIn(user)
    const other = await user.open()
    await expect(said(other)).toHaveText('signed-in')
    await page.evaluate(() => {
      globalThis.mark = 'kept'
    })
    await page.goto('about:blank')
    await other.evaluate(() => tab.auth.signOut())
    await page.goBack({ waitUntil: 'commit' })
    expect(await page.evaluate(() => globalThis.mark), 'whether it came out of the cache').toBe('kept')
    await expect(said(page)).toHaveText('signed-out')
  })
})

describe('going back', () => {
  test.override({ userOptions: { mayFail: true } })

  test('and forth after a sign-in replays nothing', async ({ user, emulator }) => {
    const page = await openSignedIn(user)
    emulator.clearRequests()
    await page.goBack({ waitUntil: 'commit' })
    // A page that is still loading when it is left may take the step forward with it.
    await page.waitForFunction(() => document.readyState === 'complete')
    // Later, because the step ends the page that would tell of its own end.
    await page.evaluate(() => {
      setTimeout(() => history.forward())
    })
    await expect(said(page)).toHaveText('signed-in')
    expect(new URL(page.url()).search).toBe('')
    expect(endpointsOf(emulator)).not.toContain('token')
  })

  test('from the consent page leaves a page that can sign in', async ({ user }) => {
    const page = await openSignedOut(user)
    await beginSignIn(page)
    await page.getByRole('button', { name: 'Allow' }).waitFor()
    await page.goBack({ waitUntil: 'commit' })
    await expect(said(page)).toHaveText('signed-out')
    await beginSignIn(page)
    await decide(page, 'Allow')
    await expect(said(page)).toHaveText('signed-in')
  })
})

describe('a callback address', () => {
  test('that was bookmarked is a no-op with a session, transaction_not_found without one, never an exchange', async ({
    user,
    emulator,
  }) => {
    const callback = user.context.waitForEvent('request', (request) => request.url().includes('code='))
    const page = await openSignedIn(user)
    const bookmark = (await callback).url()
    emulator.clearRequests()
    const again = await user.context.newPage()
    await again.goto(bookmark)
    await expect(said(again)).toHaveText('signed-in')
    await page.evaluate(() => tab.auth.signOut())
    await again.goto(bookmark)
    await expect(said(again)).toHaveText('signed-out transaction_not_found')
    expect(endpointsOf(emulator)).toEqual([])
  })

  test('that is reloaded while its code is exchanged ends in callback_interrupted, and a new sign-in works', async ({
    user,
    emulator,
  }) => {
    const page = await openSignedOut(user)
    const hold = emulator.hold('token', { grant: 'authorization_code' })
    await beginSignIn(page)
    await decide(page, 'Allow')
    await hold.arrived
    await page.reload()
    await expect(said(page)).toHaveText('signed-out callback_interrupted')
    await beginSignIn(page)
    await decide(page, 'Allow')
    await expect(said(page)).toHaveText('signed-in')
    expect(emulator.requests({ grant: 'authorization_code' })).toHaveLength(2)
  })
})
