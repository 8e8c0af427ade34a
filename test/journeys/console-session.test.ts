import { describe } from 'vitest'
import type { BrowserUser } from './support/browser-user.ts'
import { decide, seen, signIn } from './support/demo-pages.ts'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'

/** The next sign-in asks for everything but `scope`, as one that is as old as the app before it needed that. */
const signInWithout = (scope: string, { context }: BrowserUser) =>
  context.route(
    ({ pathname }) => pathname.endsWith('/authorize'),
    (route) => {
      const url = new URL(route.request().url())
      const scopes = url.searchParams.get('scope')?.split(' ') ?? []
      url.searchParams.set('scope', scopes.filter((one) => one !== scope).join(' '))
      return route.fulfill({ status: 302, headers: { location: url.href } })
    },
    { times: 1 },
  )

describe('the balance, with a session that lacks its scope', () => {
  // The browser notes the answer 401 itself.
  test.override('userOptions', { mayFail: true })

  test('is there after one button, which signs in for the scope as well, and costs no refresh', async ({
    consoleUser: user,
    emulator,
  }) => {
    await signInWithout('billing.read', user)
    const page = await user.open()
    await signIn(page)
    await seen.balanceButton(page).click()
    await expect(seen.problem(page)).toContainText('The token lacks the scope billing.read')

    await page.getByRole('button', { name: 'Sign in with billing.read too' }).click()
    await decide(page, 'Allow')
    await expect(seen.signedIn(page)).toBeVisible()
    await seen.balanceButton(page).click()
    await expect(page.getByText('Available credit')).toBeVisible()

    const calls = emulator.requests().filter(({ endpoint }) => ['balance', 'token'].includes(endpoint))
    expect(calls.map(({ endpoint, status }) => [endpoint, status])).toEqual([
      ['token', 200],
      ['balance', 401],
      ['token', 200],
      ['balance', 200],
    ])
  })
})
