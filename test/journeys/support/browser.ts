import { type Browser, chromium } from 'playwright'
import { chromiumLaunch } from '../../support/browser-path.ts'

/** Starts a Chromium with the back-forward cache, which Playwright turns off and people have on. */
export function launchBrowser(args: readonly string[] = []): Promise<Browser> {
  const launch = chromiumLaunch()
  return chromium.launch({
    ...launch,
    args: [...launch.args, ...args],
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  })
}
