import { type Browser, chromium } from 'playwright'
import { chromiumLaunch } from '../../support/browser-path.ts'

/** Starts a Chromium with what Playwright turns off and people have on: the back-forward cache, the popup blocker. */
export function launchBrowser(args: readonly string[] = []): Promise<Browser> {
  const launch = chromiumLaunch()
  return chromium.launch({
    ...launch,
    args: [...launch.args, ...args],
    ignoreDefaultArgs: ['--disable-back-forward-cache', '--disable-popup-blocking'],
  })
}
