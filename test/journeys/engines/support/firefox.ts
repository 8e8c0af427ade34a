import { firefox, type Page } from 'playwright'
import { findFirefox, whyMissing } from '../../../../scripts/support/browsers.mjs'
import { createUser } from '../../support/browser-user.ts'
import type { Engine, Tab } from './tab.ts'

// Each tab is a process that has to start; on a busy machine that takes longer than Playwright waits by itself.
const LIMIT_MS = 60_000

/**
 * The Firefox of this machine, driven by Playwright. Its pages' complaints are heard; of secrets those that pages send
 * are known, because WebDriver BiDi does not tell what was answered.
 */
export async function startFirefox(): Promise<Engine> {
  const launch = findFirefox()
  if (!launch) throw new Error(whyMissing('firefox'))
  const browser = await firefox.launch(launch)
  return {
    visit: async (origin) => {
      const user = await createUser(browser, origin)
      user.context.setDefaultTimeout(LIMIT_MS)
      return { open: async (path) => tabOf(await user.open(path), origin), leave: user.leave }
    },
    stop: () => browser.close(),
  }
}

function tabOf(page: Page, origin: string): Tab {
  const at = (xpath: string) => page.locator(`xpath=${xpath}`).first()
  return {
    click: (xpath) => at(xpath).click(),
    read: (xpath) => at(xpath).innerText(),
    reload: async () => void (await page.reload()),
    goTo: async (path) => void (await page.goto(origin + path)),
    // Playwright knows neither the load nor the address of a page out of the back-forward cache.
    back: () => page.evaluate(() => void setTimeout(() => history.back())),
    address: () => page.evaluate(() => location.href),
  }
}
