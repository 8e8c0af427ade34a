// Where a Chromium is, and how to get one. Node built-ins only: this runs before dependencies are installed.
import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { canInstall, installPackages, isDebian } from './apt.mjs'
import { onPath } from './executables.mjs'

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'microsoft-edge',
]

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
]

/**
 * What Playwright adds to a headless Chromium on a machine without a network: without these the browser itself
 * looks up hosts at every start.
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

/**
 * Looks at `CHROME_PATH`, then `PATH`, then where installers put Chrome, then in Playwright's own cache.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined} the path of an executable
 */
export function findBrowser(env = process.env) {
  if (env.CHROME_PATH) return existsSync(env.CHROME_PATH) ? env.CHROME_PATH : undefined
  return [...onPath(env, NAMES), ...installed(env), ...fromPlaywright(env)].find((path) => existsSync(path))
}

/** @param {NodeJS.ProcessEnv} env */
function installed(env) {
  if (process.platform === 'darwin') {
    const roots = ['/Applications', join(homedir(), 'Applications')]
    const apps = ['Google Chrome', 'Chromium', 'Microsoft Edge']
    return roots.flatMap((root) => apps.map((app) => join(root, `${app}.app`, 'Contents', 'MacOS', app)))
  }
  if (process.platform === 'win32') {
    const roots = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter(
      (root) => root !== undefined,
    )
    const paths = [
      'Google\\Chrome\\Application\\chrome.exe',
      'Chromium\\Application\\chrome.exe',
      'Microsoft\\Edge\\Application\\msedge.exe',
    ]
    return paths.flatMap((path) => roots.map((root) => join(root, path)))
  }
  return [
    '/usr/bin/chromium',
    '/opt/google/chrome/chrome',
    '/snap/bin/chromium',
    '/usr/lib/chromium/chromium',
  ]
}

/** @param {NodeJS.ProcessEnv} env */
function fromPlaywright(env) {
  const cache =
    env.PLAYWRIGHT_BROWSERS_PATH ??
    {
      darwin: join(homedir(), 'Library', 'Caches', 'ms-playwright'),
      win32: join(env.LOCALAPPDATA ?? homedir(), 'ms-playwright'),
    }[/** @type {string} */ (process.platform)] ??
    join(homedir(), '.cache', 'ms-playwright')
  if (!existsSync(cache)) return []
  const newestFirst = readdirSync(cache)
    .filter((name) => /^chromium-\d+$/.test(name))
    .sort((a, b) => Number(b.slice(9)) - Number(a.slice(9)))
  const executables = [
    'chrome-linux/chrome',
    'chrome-linux64/chrome',
    'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
    'chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
    'chrome-mac-x64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
    'chrome-win/chrome.exe',
    'chrome-win64/chrome.exe',
  ]
  return newestFirst.flatMap((name) => executables.map((path) => join(cache, name, ...path.split('/'))))
}

/**
 * Finds a browser, or installs the distribution's `chromium` where that needs nobody's password (Debian, Ubuntu, as root).
 *
 * @param {(line: string) => void} say
 * @returns {string} the path of an executable
 * @throws {Error} with one sentence that says what to install
 */
export function ensureBrowser(say) {
  const found = findBrowser()
  if (found) return found
  if (process.env.CHROME_PATH)
    throw new Error(
      `CHROME_PATH is ${process.env.CHROME_PATH}, but there is no file: point it at a Chromium or Chrome.`,
    )
  if (!canInstall()) throw new Error(advice())
  say("No Chromium here: installing the distribution's chromium package (about a minute) …")
  installPackages(['chromium', 'fonts-liberation'])
  const now = findBrowser()
  if (!now) throw new Error('apt-get installed chromium, but no executable of it was found: set CHROME_PATH.')
  return now
}

function advice() {
  if (process.platform === 'darwin')
    return 'The browser tests need Chrome or Chromium: install Google Chrome, or set CHROME_PATH to one.'
  if (process.platform === 'win32')
    return 'The browser tests need Chrome, Chromium or Edge: install one, or set CHROME_PATH to it.'
  if (isDebian())
    return 'The browser tests need Chromium: run "sudo apt-get install chromium", or set CHROME_PATH to a Chrome or Chromium.'
  return "The browser tests need Chrome or Chromium: install your distribution's chromium package, or set CHROME_PATH to one."
}
