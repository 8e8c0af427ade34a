import type { Page } from 'playwright'

/** Ways in which a tab ends in the middle of something. */
export const deaths: Readonly<Record<'closed' | 'crashed', (page: Page) => Promise<void>>> = {
  closed: (page) => page.close(),
  crashed: async (page) => {
    const devtools = await page.context().newCDPSession(page)
    const crashed = page.waitForEvent('crash')
    // Nobody is left to answer this.
    devtools.send('Page.crash').catch(() => {})
    await crashed
  },
}

/**
 * Freezes a tab, as browsers do with tabs that nobody has looked at for a while. Only hidden ones can be frozen:
 * one of a `wholeBrowserUser`, with another tab in front.
 *
 * @returns wakes it up again
 */
export async function freeze(page: Page): Promise<() => Promise<void>> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Page.setWebLifecycleState', { state: 'frozen' })
  return async () => {
    await devtools.send('Page.setWebLifecycleState', { state: 'active' })
  }
}
