import type { Emulator } from '@telnyx-oauth/emulator'
import type { Locator, Page } from 'playwright'
import type { BrowserUser } from './browser-user.ts'
import { decide, seen } from './demo-pages.ts'

/** Opens the page, by way of the sign-in that it asks for. */
export async function openApps(user: BrowserUser, path = '/apps'): Promise<Page> {
  const page = await user.open(path)
  await seen.signInButton(page).click()
  await decide(page, 'Allow')
  await page.getByRole('heading', { level: 1, name: 'Connected apps' }).waitFor()
  return page
}

export function rowOf(page: Page, app: string): Locator {
  return page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: app }) })
}

export function notice(page: Page): Locator {
  return page.getByRole('region', { name: 'Notices' })
}

/** What reached the grants endpoint, in order. */
export function grantCalls(
  emulator: Emulator,
): readonly (readonly [method: string, status: number | undefined])[] {
  return emulator.requests({ endpoint: 'grants' }).map(({ method, status }) => [method, status])
}
