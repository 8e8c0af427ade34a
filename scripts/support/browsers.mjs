// The browsers that the tests and the benchmarks drive: their paths, and a sentence for each that is missing.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium, firefox } from 'playwright'

// Of several such flags the last one counts, so this repeats what Playwright turns off.
const FEATURES_TURNED_OFF = [
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'BlockOriginHeaderModificationOnRedirect',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'Translate',
  // The pages behind the address bar cost every new window a quarter of a second.
  'AimEnabled',
  'LensOverlay',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxPopup',
  // A process in reserve for each new window, which most tests never need.
  'SpareRendererForSitePerProcess',
]

/**
 * Flags beside Playwright's own. Without them a headless Chromium looks up hosts at every start, even on a machine
 * without a network.
 *
 * @type {readonly string[]}
 */
export const CHROMIUM_FLAGS = Object.freeze([
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--disable-features=${FEATURES_TURNED_OFF.join()}`,
])

/** Looks at `CHROME_PATH`, else on the `PATH`, else for Playwright's own Chromium. */
export function findChromium(env = process.env) {
  if (env.CHROME_PATH) return existing(env.CHROME_PATH)
  return onPath(env, 'chromium', 'chromium-browser', 'google-chrome') ?? existing(chromium.executablePath())
}

/**
 * Looks on the `PATH`, unless `CHROME_PATH` names a browser, for the Chromium that has no windows: a page costs it a
 * third less than the whole browser. It has no popup blocker, no back-forward cache and no tabs in the background.
 */
export function findHeadlessShell(env = process.env) {
  return env.CHROME_PATH ? undefined : onPath(env, 'chromium-headless-shell', 'chrome-headless-shell')
}

/**
 * Looks at `FIREFOX_PATH`, else for `firefox-esr` on the `PATH`, else for Playwright's own Firefox. A plain `firefox`
 * is not tried: a snap cannot read the profile that a test makes for it.
 *
 * @returns {{ executablePath: string, channel?: 'moz-firefox' } | undefined} options of `firefox.launch`
 */
export function findFirefox(env = process.env) {
  const stock = env.FIREFOX_PATH ? existing(env.FIREFOX_PATH) : onPath(env, 'firefox-esr')
  // A Firefox that Playwright has not built is driven over WebDriver BiDi.
  if (stock) return { executablePath: stock, channel: 'moz-firefox' }
  const own = env.FIREFOX_PATH ? undefined : existing(firefox.executablePath())
  return own ? { executablePath: own } : undefined
}

/** The driver of WebKitGTK, which brings its own browser, and the X server that this browser needs. */
export function findWebKit(env = process.env) {
  const driver = onPath(env, 'WebKitWebDriver')
  const display = onPath(env, 'Xvfb')
  return driver && display ? { driver, display } : undefined
}

const BROWSERS = {
  chromium: { find: findChromium, variable: 'CHROME_PATH', title: 'Chromium' },
  'headless-shell': { find: findHeadlessShell, variable: undefined, title: 'The headless shell of Chromium' },
  firefox: { find: findFirefox, variable: 'FIREFOX_PATH', title: 'Firefox' },
  webkit: { find: findWebKit, variable: undefined, title: 'WebKitGTK' },
}

/** Packages of Debian and Ubuntu. */
export const DEBIAN_PACKAGES = Object.freeze({
  chromium: ['chromium', 'fonts-liberation'],
  'headless-shell': ['chromium-headless-shell'],
  firefox: ['firefox-esr'],
  webkit: ['webkit2gtk-driver', 'libgl1-mesa-dri', 'xvfb'],
})

/**
 * Names the cause and the remedy in one sentence.
 *
 * @param {keyof typeof BROWSERS} name
 * @returns {string | undefined} `undefined` if the browser is there
 */
export function whyMissing(name, env = process.env) {
  const { find, variable, title } = BROWSERS[name]
  if (find(env)) return undefined
  const path = variable && env[variable]
  if (path) return `${variable} is ${path}, but there is no file.`
  const apt = `"sudo apt-get install ${DEBIAN_PACKAGES[name].join(' ')}"`
  if (!variable)
    return `${title} was not found: run ${apt} on Debian or Ubuntu; other systems do not have it.`
  return `${title} was not found: run "npx playwright install ${name}", on Debian ${apt}, or set ${variable}.`
}

/** @param {string} path */
function existing(path) {
  return existsSync(path) ? path : undefined
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} names in the order of preference
 */
function onPath(env, ...names) {
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean)
  const suffix = process.platform === 'win32' ? '.exe' : ''
  return names.flatMap((name) => folders.map((folder) => join(folder, name + suffix))).find(existsSync)
}
