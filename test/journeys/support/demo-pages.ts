import type { Locator, Page } from 'playwright'
import type { BrowserUser } from './browser-user.ts'
import { expect } from './expect.ts'

/** The words of the demo that journeys in every engine look for. */
export const words = {
  signedIn: 'You are signed in',
  signInButton: 'Sign in with Telnyx',
  refreshButton: 'Refresh token',
  signOutButton: 'Sign out',
  balanceButton: 'Call GET /v2/balance',
  renewing: 'renewing',
} as const

/** What a person sees and presses in the demo. */
export const seen = {
  signedIn: (page: Page): Locator => page.getByRole('heading', { name: words.signedIn }),
  signInButton: (page: Page): Locator => page.getByRole('button', { name: words.signInButton }),
  refreshButton: (page: Page): Locator => page.getByRole('button', { name: words.refreshButton }),
  signOutButton: (page: Page): Locator => page.getByRole('button', { name: words.signOutButton }),
  balanceButton: (page: Page): Locator => page.getByRole('button', { name: words.balanceButton }),
  /** The first characters of the token. */
  token: (page: Page): Locator =>
    page.getByRole('definition').filter({ hasText: 'characters' }).locator('code'),
  /** Shown while this tab waits for a newer token. */
  renewing: (page: Page): Locator => page.getByText(words.renewing, { exact: true }),
  problem: (page: Page): Locator => page.getByRole('alert'),
  events: (page: Page): Locator => page.getByRole('log'),
}

/** Answers the emulator's one page. */
export async function decide(page: Page, decision: 'Allow' | 'Deny'): Promise<void> {
  await page.getByRole('button', { name: decision }).click()
}

/** Signs in, from a page that says so. */
export async function signIn(page: Page): Promise<void> {
  await seen.signInButton(page).click()
  await decide(page, 'Allow')
  await expect(seen.signedIn(page)).toBeVisible()
}

/** Opens a page of the console for a user who is not signed in yet: they sign in there, and come back. */
export async function openSignedIn(user: BrowserUser, path: string, account?: string): Promise<Page> {
  const page = await user.open(path)
  await seen.signInButton(page).click()
  if (account) await page.getByRole('radio', { name: account }).check()
  await decide(page, 'Allow')
  await expect(page.getByRole('status').filter({ hasText: 'Signed in' })).toBeVisible()
  return page
}

/** Presses Tab until an element has the focus. */
export async function tabTo(
  page: Page,
  role: 'button' | 'link' | 'textbox' | 'checkbox',
  name: string,
): Promise<void> {
  const element = page.getByRole(role, { name, exact: true })
  await element.waitFor()
  for (let stops = 0; stops < 80; stops += 1) {
    await page.keyboard.press('Tab')
    if (await element.evaluate(hasFocus)) return
  }
  throw new Error(`No number of Tab presses leads to the ${role} "${name}".`)
}

/** Tabs to a button and presses it. */
export async function pressByKeyboard(page: Page, name: string): Promise<void> {
  await tabTo(page, 'button', name)
  await page.keyboard.press('Enter')
}

// Inside a shadow root, the document knows of its host alone.
const hasFocus = (element: Element): boolean =>
  (element.getRootNode() as Document | ShadowRoot).activeElement === element
