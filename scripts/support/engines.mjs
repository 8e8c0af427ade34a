// The engines besides Chromium that the tests can drive: where they are, how to get them, and what to say where they are not.
import { existsSync } from 'node:fs'
import { canInstall, installPackages, isDebian } from './apt.mjs'
import { onPath } from './executables.mjs'

/** @typedef {'firefox' | 'webkit'} EngineName */

/** @type {Readonly<Record<EngineName, { readonly title: string, readonly packages: string[] }>>} */
const ENGINES = {
  firefox: { title: 'Firefox', packages: ['firefox-esr'] },
  webkit: { title: 'WebKitGTK', packages: ['webkit2gtk-driver', 'libgl1-mesa-dri', 'xvfb'] },
}

/**
 * Looks at `FIREFOX_PATH`, then for `firefox-esr` on the `PATH`. A plain `firefox` is not tried: it may be a snap, which
 * cannot read the profile that a test makes for it.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined} the path of an executable
 */
export function findFirefox(env = process.env) {
  const paths = env.FIREFOX_PATH ? [env.FIREFOX_PATH] : onPath(env, ['firefox-esr'])
  return paths.find((path) => existsSync(path))
}

/**
 * WebKitGTK's driver, which brings its own browser, and the X server without a screen that this browser needs.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {{ driver: string, display: string } | undefined} the paths of executables
 */
export function findWebKit(env = process.env) {
  const [driver, display] = ['WebKitWebDriver', 'Xvfb'].map((name) =>
    onPath(env, [name]).find((path) => existsSync(path)),
  )
  return driver && display ? { driver, display } : undefined
}

/**
 * Why an engine cannot be driven here, and what would change that, in one sentence.
 *
 * @param {EngineName} name
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined} nothing when it can be
 */
export function whyMissing(name, env = process.env) {
  const found = name === 'firefox' ? findFirefox(env) : findWebKit(env)
  if (found) return undefined
  const { title, packages } = ENGINES[name]
  const hint = isDebian() ? `run "sudo apt-get install ${packages.join(' ')}"` : undefined
  if (name === 'firefox') {
    if (env.FIREFOX_PATH) return `FIREFOX_PATH is ${env.FIREFOX_PATH}, but there is no file.`
    return `There is no ${title} here that can be driven: ${hint ? `${hint}, or ` : ''}set FIREFOX_PATH to one.`
  }
  if (process.platform !== 'linux') return `WebKit is driven as ${title}, which there is on Linux only.`
  return `There is no ${title} here that can be driven: ${hint ?? 'install WebKitWebDriver and Xvfb'}.`
}

/**
 * Installs the engines that are missing where that needs nobody's password. The tests of an engine that is missing
 * nevertheless say so.
 *
 * @param {(line: string) => void} say
 */
export function ensureEngines(say) {
  for (const [name, { title, packages }] of Object.entries(ENGINES)) {
    if (!whyMissing(/** @type {EngineName} */ (name)) || !canInstall()) continue
    if (name === 'firefox' && process.env.FIREFOX_PATH) continue
    say(`No ${title} here: installing ${packages.join(', ')} (about half a minute) …`)
    try {
      installPackages(packages)
    } catch (error) {
      say(error instanceof Error ? error.message : String(error))
    }
  }
}
