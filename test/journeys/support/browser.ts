import { type Browser, chromium } from 'playwright'
import { type ChromiumLaunch, headlessLaunch } from '../../support/browser-path.ts'
import { watchAll } from './leak-detector.ts'

/** Starts a Chromium whose pages are searched for secrets when it is closed, with what Playwright turns off and people have on: the back-forward cache, the popup blocker. */
export async function launchBrowser(
  launch: ChromiumLaunch = headlessLaunch(),
  args: readonly string[] = [],
): Promise<Browser> {
  const browser = await chromium.launch({
    ...launch,
    args: [...launch.args, ...args],
    ignoreDefaultArgs: ['--disable-back-forward-cache', '--disable-popup-blocking'],
  })
  return watchAll(browser)
}
