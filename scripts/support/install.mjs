// Installs what a fresh clone lacks. Node built-ins only: nothing else is there when this is loaded.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** The repository's folder. */
export const ROOT = join(import.meta.dirname, '..', '..')

/**
 * Runs `npm ci` unless npm has installed something since `package-lock.json` last changed.
 *
 * @throws {Error} with one sentence that says what is missing
 */
export function ensureDependencies() {
  const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  if (!isAtLeast(process.versions.node, engines.node.replace('>=', '')))
    throw new Error(
      `This needs Node ${engines.node}, and this is ${process.versions.node}: install a newer Node.`,
    )
  const installed = join(ROOT, 'node_modules', '.package-lock.json')
  if (
    existsSync(installed) &&
    statSync(installed).mtimeMs >= statSync(join(ROOT, 'package-lock.json')).mtimeMs
  )
    return
  console.log('Installing dependencies (npm ci) …')
  // NODE_ENV or the npm settings of the user must not leave out the tools that the tests need.
  const args = ['ci', '--include=dev', '--include=optional', '--ignore-scripts', '--loglevel=error']
  run('npm', args, process.platform === 'win32')
}

/**
 * Installs the browsers that are missing with the packages of Debian or Ubuntu, if root runs this.
 *
 * @param {readonly import('./browsers.mjs').BrowserName[]} names
 * @throws {Error} with one sentence if there is no Chromium afterwards; the tests of the others say what is missing
 */
export async function ensureBrowsers(names) {
  const { DEBIAN_PACKAGES, whyMissing } = await import('./browsers.mjs')
  const missing = names.filter((name) => whyMissing(name))
  if (missing.length > 0 && process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    console.log(`Installing ${missing.join(', ')} (apt-get, about a minute) …`)
    tell(() => run('apt-get', ['update', '-qq']))
    // One by one: not every release of Debian and Ubuntu has all of them.
    for (const name of missing)
      tell(() =>
        run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...DEBIAN_PACKAGES[name]]),
      )
  }
  const obstacle = whyMissing('chromium')
  if (obstacle) throw new Error(obstacle)
}

/** @param {() => void} work may fail, which is printed */
function tell(work) {
  try {
    work()
  } catch (error) {
    console.log(error instanceof Error ? error.message : error)
  }
}

/**
 * @param {string} version
 * @param {string} wanted
 */
function isAtLeast(version, wanted) {
  return version.localeCompare(wanted, 'en', { numeric: true }) >= 0
}

/**
 * @param {string} command
 * @param {string[]} args
 */
function run(command, args, shell = false) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const { status, error } = spawnSync(command, args, {
    cwd: ROOT,
    env,
    shell,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0)
    throw new Error(`${command} ${args[0]} failed (${error?.message ?? `exit code ${status}`}).`)
}
