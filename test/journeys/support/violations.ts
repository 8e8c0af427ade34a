import type { AxeResults } from 'axe-core'
import axe from 'axe-core'
import type { Page } from 'playwright'
import { expect } from 'playwright/test'

/** What axe finds wrong on a page, in the light and in the dark: rule and place. */
export async function violations(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.evaluate(axe.source)
    const results = await page.evaluate<AxeResults>('axe.run()')
    expect(results.passes.length, 'rules that had something to look at').toBeGreaterThan(10)
    for (const { id, nodes } of results.violations) {
      for (const { target } of nodes) found.push(`${colorScheme} ${id} ${target}`)
    }
  }
  return found
}
