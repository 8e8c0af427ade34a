import type { Emulator, EndpointName } from '@telnyx-oauth/emulator'
import type { Page } from 'playwright'
import { expect } from 'playwright/test'
import type { BrowserUser } from './browser-user.ts'
import { decide, seen } from './demo-pages.ts'

/** Opens a page of the console for somebody who is not signed in yet: they sign in there, and come back. */
export async function openSignedIn(user: BrowserUser, path: string, person?: string): Promise<Page> {
  const page = await user.open(path)
  await seen.signInButton(page).click()
  if (person) await page.getByRole('radio', { name: person }).check()
  await decide(page, 'Allow')
  await expect(page.getByRole('status').filter({ hasText: 'Signed in' })).toBeVisible()
  return page
}

/** What reached an endpoint: method and status, in order. */
export function callsOf(emulator: Emulator, endpoint: EndpointName): readonly string[] {
  return emulator.requests({ endpoint }).map(({ method, status }) => `${method} ${status}`)
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
    if (await element.evaluate((one) => one === document.activeElement)) return
  }
  throw new Error(`No number of Tab presses leads to the ${role} "${name}".`)
}
