import { spawn } from 'node:child_process'
import { ROOT } from './install.mjs'

/**
 * Runs a Node program of this repository to its end, with its output on ours.
 *
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 * @returns {Promise<number>} its exit code
 */
export function runNode(args, env = {}) {
  const { NODE_ENV: _, ...inherited } = process.env
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...inherited, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const end = () => void child.kill()
  process.once('SIGTERM', end)
  return new Promise((settle, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => {
      process.off('SIGTERM', end)
      settle(code ?? 1)
    })
  })
}
