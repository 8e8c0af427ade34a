import { spawn } from 'node:child_process'
import { ROOT } from './dependencies.mjs'

const GRACE_MS = 5_000

/**
 * Runs a Node program of this repository to its end, with its output on ours, and leaves nothing behind: an
 * interrupt or the time limit ends it and whatever it started.
 *
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, limitMs?: number }} [options]
 * @returns {Promise<{ code: number, timedOut: boolean }>}
 */
export function runNode(args, { env = {}, limitMs } = {}) {
  return new Promise((settle, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      env: { ...withoutNodeEnv(process.env), ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: process.platform !== 'win32',
    })
    let timedOut = false
    /** @type {NodeJS.Timeout | undefined} */
    let killTimer
    const end = () => {
      signalAll(child, 'SIGTERM')
      killTimer ??= setTimeout(() => signalAll(child, 'SIGKILL'), GRACE_MS)
    }
    const limit =
      limitMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true
            end()
          }, limitMs)
    process.on('SIGINT', end).on('SIGTERM', end)
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      clearTimeout(limit)
      clearTimeout(killTimer)
      process.off('SIGINT', end).off('SIGTERM', end)
      if (signal) signalAll(child, 'SIGKILL')
      settle({ code: code ?? 1, timedOut })
    })
  })
}

/** @param {NodeJS.ProcessEnv} env */
function withoutNodeEnv({ NODE_ENV: _, ...env }) {
  return env
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {'SIGTERM' | 'SIGKILL'} signal
 */
function signalAll(child, signal) {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') child.kill(signal)
    else process.kill(-child.pid, signal)
  } catch {
    // The group is gone already.
  }
}
