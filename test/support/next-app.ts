import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import type { Tarball } from './consumer.ts'
import { ROOT } from './source-files.ts'

/** How a command ended. */
interface Ended {
  readonly code: number
  readonly output: string
}

/** The words of npm when the registry is out of reach. */
const UNREACHABLE = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT)\b/

/** The environment of a shell, without what a test runner has added. */
const environment = (env: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({
  ...process.env,
  NODE_ENV: 'production',
  NEXT_TELEMETRY_DISABLED: '1',
  ...env,
})

/**
 * Copies the example and installs what it names, our packages from their tarballs.
 *
 * @param folder an empty folder outside the repository
 * @returns why that cannot be done here, if it cannot
 * @throws Error with what npm said when it fails for another reason
 */
export async function installNextApp(
  folder: string,
  tarballs: readonly Tarball[],
): Promise<string | undefined> {
  cpSync(join(ROOT, 'examples/next'), folder, { recursive: true })
  const ours = tarballs.filter(({ name }) => name === 'core' || name === 'react').map(({ path }) => path)
  const flags = [
    '--include=dev',
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    '--loglevel=error',
  ]
  const { code, output } = await end('npm', ['install', ...flags, ...ours], folder)
  if (code !== 0 && UNREACHABLE.test(output))
    return 'Next.js cannot be installed: the registry is out of reach'
  if (code !== 0) throw new Error(output)
  return undefined
}

/** Builds it for production, types included. */
export function buildNextApp(folder: string, issuer: string): Promise<Ended> {
  const env = environment({ NEXT_PUBLIC_TELNYX_ISSUER: issuer })
  return end(process.execPath, ['node_modules/next/dist/bin/next', 'build'], folder, env)
}

/** Serves what was built. @returns stop, which resolves when the port is free */
export async function serveNextApp(folder: string, port: number): Promise<() => Promise<void>> {
  const args = ['node_modules/next/dist/bin/next', 'start', `--port=${port}`, '--hostname=127.0.0.1']
  const server = spawn(process.execPath, args, {
    cwd: folder,
    env: environment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await says(server, 'Ready')
  return async () => {
    const ended = once(server, 'exit')
    server.kill()
    await ended
  }
}

function says(server: ChildProcess, word: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    server.once('exit', () => reject(new Error(`Next.js did not start: ${said}`)))
    server.stdout?.on('data', (chunk: Buffer) => {
      said += chunk
      if (said.includes(word)) resolve()
    })
  })
}

function end(command: string, args: readonly string[], cwd: string, env = environment()): Promise<Ended> {
  const options = { cwd, env, shell: process.platform === 'win32', maxBuffer: 64 * 1024 * 1024 }
  return new Promise((settle) => {
    execFile(command, args, options, (error, stdout, stderr) =>
      settle({ code: error ? 1 : 0, output: stdout + stderr }),
    )
  })
}
