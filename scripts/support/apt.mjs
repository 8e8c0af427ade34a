// What Debian and Ubuntu can install without anybody's password. Node built-ins only: this runs before dependencies are installed.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

/** Whether this is Debian, or a distribution made from it. */
export function isDebian() {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release)
}

/** Whether packages can be installed here by whoever runs this. */
export function canInstall() {
  return isDebian() && process.getuid?.() === 0
}

/**
 * Installs packages of the distribution.
 *
 * @param {string[]} packages
 * @throws {Error} with what apt-get said
 */
export function installPackages(packages) {
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', ...packages],
  ]) {
    const run = spawnSync('apt-get', args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
    if (run.status !== 0)
      throw new Error(`apt-get ${args.join(' ')} failed:\n${(run.stderr ?? run.error?.message ?? '').trim()}`)
  }
}
