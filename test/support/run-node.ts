import { execFile } from 'node:child_process'
import { ROOT } from './source-files.ts'

/** How a program ended. */
export interface Ended {
  readonly code: number
  /** What it printed, in the order of printing per stream: standard output first. */
  readonly output: string
  /** The standard output alone. */
  readonly stdout: string
}

/**
 * Runs a Node program to its end and keeps what it printed.
 *
 * @param args the program's path and its arguments
 * @param cwd working folder; default: the repository's
 */
export function runNode(args: readonly string[], cwd: string = ROOT): Promise<Ended> {
  return new Promise((settle) => {
    execFile(process.execPath, args, { cwd, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : error ? 1 : 0
      settle({ code, output: stdout + stderr, stdout })
    })
  })
}
