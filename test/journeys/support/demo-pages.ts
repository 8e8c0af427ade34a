import type { Locator, Page } from 'playwright'
import { expect } from 'playwright/test'

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

/** Tabs to a button and presses it. */
export async function pressByKeyboard(page: Page, name: string): Promise<void> {
  const button = page.getByRole('button', { name })
  await button.waitFor()
  for (let stops = 0; stops < 30; stops += 1) {
    await page.keyboard.press('Tab')
    if (await button.evaluate(hasFocus)) {
      await page.keyboard.press('Enter')
      return
    }
  }
  throw new Error(`No number of Tab presses leads to the button "${name}".`)
}

// Inside a shadow root, the document knows of its host alone.
const hasFocus = (element: Element): boolean =>
  (element.getRootNode() as Document | ShadowRoot).activeElement === element
