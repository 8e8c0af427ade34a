import type { TokenTarget } from '@telnyx-oauth/core'
import type { Locator, Page } from 'playwright'
import type { BrowserUser } from './browser-user.ts'
import { decide } from './demo-pages.ts'
import { expect } from './expect.ts'
import type { Answer } from './tab-page/app.ts'

/** What the bare page says of its session: the status, then `refreshing`, `stale` and the code of an error. */
export function said(page: Page): Locator {
  return page.locator('output')
}

/** Opens the bare page of a user who is signed out, and waits until the client knows that. */
export async function openSignedOut(user: BrowserUser): Promise<Page> {
  const page = await user.open()
  await expect(said(page)).toHaveText('signed-out')
  return page
}

/** Begins a sign-in. Not awaited: the page that would tell of its end leaves for the server. */
export async function beginSignIn(page: Page): Promise<void> {
  await page.evaluate(() => {
    void tab.auth.signIn()
  })
}

/** Opens the bare page and signs in. */
export async function openSignedIn(user: BrowserUser): Promise<Page> {
  const page = await openSignedOut(user)
  await beginSignIn(page)
  await decide(page, 'Allow')
  await expect(said(page)).toHaveText('signed-in')
  return page
}

/** Opens tabs of a user who is signed in in the first one. @returns all of them */
export async function openSignedInTabs(user: BrowserUser, count: number): Promise<readonly Page[]> {
  const first = await openSignedIn(user)
  const others = await Promise.all(Array.from({ length: count - 1 }, () => user.open()))
  for (const page of others) await expect(said(page)).toHaveText('signed-in')
  return [first, ...others]
}

/** In every tab at once, so many callers ask for a token. @returns what all of them got */
export async function askInEach(
  tabs: readonly Page[],
  callers: number,
  choice: TokenTarget = {},
): Promise<readonly Answer[]> {
  const ask = (page: Page) =>
    page.evaluate(([count, given]) => tab.ask(count, given), [callers, choice] as const)
  return (await Promise.all(tabs.map(ask))).flat()
}

/** Waits until every tab has a newer token than that which it began with. */
export async function expectRenewal(tabs: readonly Page[]): Promise<void> {
  for (const page of tabs) await expect(said(page)).toHaveAttribute('data-renewals')
}

/**
 * Refreshes in each tab in turn. Every tab has heard of the token before: who has not takes that one and asks for none.
 *
 * @returns the tokens
 */
export async function refreshInTurn(turns: readonly Page[]): Promise<readonly string[]> {
  const tokens: string[] = []
  for (const page of turns) {
    await page.evaluate(() => tab.auth.refresh())
    tokens.push(await page.evaluate(() => tab.auth.getAccessToken()))
    for (const each of turns) await expect(said(each)).toHaveAttribute('data-renewals', `${tokens.length}`)
  }
  return tokens
}

/** The different tokens among the answers, and the codes of errors. */
export function outcomesOf(answers: readonly Answer[]): ReadonlySet<string> {
  return new Set(answers.map(({ token, code }) => token ?? `error ${code}`))
}
