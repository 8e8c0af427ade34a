import type { Emulator } from '@telnyx-oauth/emulator'
import type { Page } from 'playwright'
import { expect } from 'playwright/test'
import { describe } from 'vitest'
import { decide, seen } from './support/demo-pages.ts'
import { test } from './support/demo-test.ts'
import type { Visitor } from './support/visitor.ts'

/** Opens a page of the console, by way of the sign-in that it asks for. */
async function openSignedIn(visitor: Visitor, path: string): Promise<Page> {
  const page = await visitor.open(path)
  await seen.signInButton(page).click()
  await decide(page, 'Allow')
  await page.getByRole('heading', { level: 1, name: /client/ }).waitFor()
  return page
}

/** The names of the clients that the list shows. */
function names(page: Page) {
  return page.getByRole('rowheader')
}

/** What reached the clients endpoint, in order. */
function askedOf(emulator: Emulator): readonly (readonly [method: string, status: number | undefined])[] {
  return emulator.requests({ endpoint: 'clients' }).map(({ method, status }) => [method, status])
}

describe('the list of clients', () => {
  test.override({ emulatorOptions: { seed: { clients: 45 } } })

  test('shows one page per request, and the address says which', async ({ visitor, emulator }) => {
    const page = await openSignedIn(visitor, '/clients')
    await expect(names(page)).toHaveCount(20)
    await expect(page.getByText('46 clients, page 1 of 3')).toBeVisible()
    expect(askedOf(emulator)).toEqual([['GET', 200]])

    await page.getByRole('link', { name: 'Next page' }).click()
    await expect(page.getByText('46 clients, page 2 of 3')).toBeVisible()
    expect(new URL(page.url()).search).toBe('?page=2')
    await page.goBack()
    await expect(page.getByText('46 clients, page 1 of 3')).toBeVisible()
    expect(askedOf(emulator), 'the page seen before is still cached').toHaveLength(2)
  })
})
