import { describe } from 'vitest'
import { decide } from './support/demo-pages.ts'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'
import { beginSignIn, openSignedInTabs, said } from './support/tab-pages.ts'

describe('a server that offers sign-out', () => {
  test.override({ emulatorOptions: { endSession: true } })

  test('the user signs out at the server: every tab is signed out first, and the user comes back to a clean URL', async ({
    user,
    emulator,
  }) => {
    const [page, other] = await openSignedInTabs(user, 2)
    if (!page || !other) throw new Error('two tabs were asked for')
    await page.evaluate(() => void tab.auth.signOut({ endServerSession: true, returnTo: '/' }))
    await expect(said(other)).toHaveText('signed-out')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await expect(said(page)).toHaveText('signed-out')
    await expect(page).toHaveURL(new URL('/', other.url()).href)
    expect(emulator.requests({ endpoint: 'end-session' })).toHaveLength(2)
    await beginSignIn(page)
    await decide(page, 'Allow')
    await expect(said(page)).toHaveText('signed-in')
  })
})
