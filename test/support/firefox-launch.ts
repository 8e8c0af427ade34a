import { findFirefox, whyMissing } from '../../scripts/support/browsers.mjs'

/** Options of Playwright's `firefox.launch`. */
export type FirefoxLaunch = NonNullable<ReturnType<typeof findFirefox>>

/**
 * How to launch this machine's Firefox: `firefox.launch(firefoxLaunch())`.
 *
 * @throws Error when there is none
 */
export function firefoxLaunch(): FirefoxLaunch {
  const launch = findFirefox()
  if (!launch) throw new Error(whyMissing('firefox'))
  return launch
}
