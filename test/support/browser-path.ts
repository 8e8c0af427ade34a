import { CHROMIUM_FLAGS, findChromium, findHeadlessShell } from '../../scripts/support/browsers.mjs'

/** What every Chromium in these tests is launched with (Playwright's `launch` takes it as it is). */
export interface ChromiumLaunch {
  readonly executablePath: string
  readonly args: string[]
}

/** How to launch the Chromium that costs least: the headless shell, or the whole one where it is missing. */
export function headlessLaunch(): ChromiumLaunch {
  const executablePath = findHeadlessShell()
  return executablePath ? { executablePath, args: [...CHROMIUM_FLAGS] } : chromiumLaunch()
}

/**
 * How to launch this machine's Chromium: `chromium.launch(chromiumLaunch())`.
 *
 * @throws Error when there is none: `npm test` installs or asks for one
 */
export function chromiumLaunch(): ChromiumLaunch {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('No Chromium or Chrome was found: run "npm test", or set CHROME_PATH.')
  return { executablePath, args: [...CHROMIUM_FLAGS] }
}
