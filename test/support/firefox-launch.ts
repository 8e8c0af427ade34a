import { findFirefox, whyMissing } from '../../scripts/support/engines.mjs'

/** How Playwright launches a Firefox that it has not built itself: over WebDriver BiDi. */
export interface FirefoxLaunch {
  readonly channel: 'moz-firefox'
  readonly executablePath: string
}

/**
 * How to launch this machine's Firefox: `firefox.launch(firefoxLaunch())`.
 *
 * @throws Error when there is none
 */
export function firefoxLaunch(): FirefoxLaunch {
  const executablePath = findFirefox()
  if (!executablePath) throw new Error(whyMissing('firefox'))
  return { channel: 'moz-firefox', executablePath }
}
