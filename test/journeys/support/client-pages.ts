import type { Locator, Page } from 'playwright'

/** The names of the clients that the list shows. */
export const names = (page: Page): Locator => page.getByRole('rowheader')

export const heading = (page: Page, name: string | RegExp): Locator =>
  page.getByRole('heading', { level: 1, name })

export const notices = (page: Page): Locator => page.getByRole('region', { name: 'Notices' })

/** Fills what a new client needs. */
export async function fillNewClient(page: Page, name: string): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page
    .getByLabel('Redirect URIs')
    .fill('https://app.example.com/callback\nhttp://localhost:3000/callback')
  await page.getByRole('checkbox', { name: 'billing.read' }).check()
}
