// What a fresh clone lacks. Node built-ins only: nothing is installed when this runs.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The repository's folder. */
export const ROOT = join(import.meta.dirname, '..', '..')

/**
 * Installs what `package-lock.json` pins, unless exactly that is there already.
 *
 * @param {(line: string) => void} say
 * @throws {Error} with one sentence that says what is missing
 */
export function ensureDependencies(say) {
  requireNode()
  if (isInstalled()) return
  say('Installing dependencies (npm ci) …')
  // Stated here, because a caller's NODE_ENV or npm settings must not leave out the tools that the tests need.
  const options = [
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    '--loglevel=error',
  ]
  const { command, args, shell } = npm(['ci', ...options])
  const run = spawnSync(command, args, { cwd: ROOT, shell, stdio: ['ignore', 'ignore', 'inherit'] })
  if (run.status !== 0)
    throw new Error(
      `npm ci failed (${run.error?.message ?? `exit code ${run.status}`}): is the npm registry within reach?`,
    )
}

function requireNode() {
  const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const [wantMajor = 0, wantMinor = 0] = engines.node
    .replace(/[^\d.]/g, '')
    .split('.')
    .map(Number)
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > wantMajor || (major === wantMajor && minor >= wantMinor)) return
  throw new Error(
    `This needs Node ${engines.node}, and this is ${process.versions.node}: install a newer Node.`,
  )
}

/** npm writes beside what it installs the part of the lock file that it installed; packages for other platforms are missing there. */
function isInstalled() {
  const installedLock = join(ROOT, 'node_modules', '.package-lock.json')
  if (!existsSync(installedLock)) return false
  const installed = packagesOf(installedLock)
  return Object.entries(packagesOf(join(ROOT, 'package-lock.json'))).every(([path, wanted]) => {
    if (!path.includes('node_modules/')) return true
    const found = installed[path]
    return found ? found.version === wanted.version && existsSync(join(ROOT, path)) : wanted.optional === true
  })
}

/**
 * @param {string} path
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function packagesOf(path) {
  return JSON.parse(readFileSync(path, 'utf8')).packages
}

/**
 * The npm that runs this script, or else the one on the path.
 *
 * @param {string[]} args
 */
export function npm(args) {
  const cli = process.env.npm_execpath
  if (cli?.endsWith('npm-cli.js')) return { command: process.execPath, args: [cli, ...args], shell: false }
  return { command: 'npm', args, shell: process.platform === 'win32' }
}
