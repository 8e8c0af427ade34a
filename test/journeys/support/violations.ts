import type { AxeResults } from 'axe-core'
import axe from 'axe-core'
import type { Page } from 'playwright'
import { expect } from './expect.ts'

/** The dark scheme has other colours, and nothing else that a rule looks at. */
const SCHEMES = [
  ['light', '', 10],
  ['dark', "{ runOnly: ['color-contrast'] }", 1],
] as const

/** What axe finds wrong on a page, in the light and in the dark: rule and place. */
export async function violations(page: Page): Promise<string[]> {
  const found: string[] = []
  await page.evaluate(axe.source)
  for (const [colorScheme, options, rules] of SCHEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const results = await page.evaluate<AxeResults>(`axe.run(${options})`)
    expect(results.passes.length, 'rules that had something to look at').toBeGreaterThanOrEqual(rules)
    for (const { id, nodes } of results.violations) {
      for (const { target } of nodes) found.push(`${colorScheme} ${id} ${target}`)
    }
  }
  return found
}
