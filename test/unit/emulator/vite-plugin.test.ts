import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { telnyxOAuthEmulator } from '@telnyx-oauth/emulator/vite'
import { build, createLogger, createServer, type InlineConfig, type Logger, preview } from 'vite'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { freePort } from '../../support/free-port.ts'

beforeEach(() => {
  vi.stubEnv('VITEST', undefined)
  return () => vi.unstubAllEnvs()
})

/** A logger that writes into an array. */
function createPaper(): {
  readonly logger: Logger
  readonly lines: string[]
  readonly written: (text: string) => Promise<void>
} {
  const lines: string[] = []
  const waiting = new Set<() => void>()
  const logger = createLogger('info')
  for (const level of ['info', 'warn', 'error'] as const) {
    logger[level] = (text) => {
      lines.push(text)
      for (const check of waiting) check()
    }
  }
  const written = (text: string): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (lines.some((line) => line.includes(text))) resolve()
      }
      waiting.add(check)
      check()
    })
  return { logger, lines, written }
}

function config(port: number, logger: Logger, stateFile?: string): InlineConfig {
  return {
    configFile: false,
    root: import.meta.dirname,
    server: { port: 0, host: '127.0.0.1', watch: null },
    customLogger: logger,
    optimizeDeps: { noDiscovery: true },
    plugins: [telnyxOAuthEmulator({ port, ...(stateFile && { stateFile }) })],
  }
}

const answers = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/v2/oauth/jwks`).then(
    ({ ok }) => ok,
    () => false,
  )

describe('the Vite plugin', () => {
  test('starts with the server, says once where it is and who can sign in, survives a restart and stops with it', async () => {
    const port = await freePort()
    const { logger, lines, written } = createPaper()
    const server = await createServer(config(port, logger))
    onTestFinished(() => server.close())
    await server.listen()
    // The app can be reached only once the emulator can.
    expect(await answers(port)).toBe(true)
    await written('Sign in as Ava Lindqvist, Noor Haddad')
    expect(
      lines.filter((line) => line.includes(`Telnyx OAuth emulator  http://localhost:${port}`)),
    ).toHaveLength(1)
    lines.length = 0
    await server.restart()
    expect(await answers(port)).toBe(true)
    await written('Sign in as')
    expect(lines.join()).not.toContain('in use')
    await server.close()
    expect(await answers(port)).toBe(false)
  })

  test('starts and stops with the preview server too', async () => {
    const port = await freePort()
    const { logger, written } = createPaper()
    const settings = { port: 0, host: '127.0.0.1' }
    const server = await preview({ ...config(port, logger), preview: settings, build: { outDir: '.' } })
    expect(await answers(port)).toBe(true)
    await written('Sign in as')
    const next = expect(fetch(`http://127.0.0.1:${port}/__emulator/requests/next`)).rejects.toThrow(
      'fetch failed',
    )
    await server.close()
    await next
  })

  test('says that the port is in use and which options help, and the server goes on', async () => {
    const other = createHttpServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void other.close())
    const { port } = other.address() as AddressInfo
    const { logger, lines, written } = createPaper()
    const server = await createServer(config(port, logger))
    onTestFinished(() => server.close())
    await server.listen()
    await written('in use')
    expect(lines.filter((line) => line.includes('emulator'))).toEqual([
      `The Telnyx OAuth emulator cannot listen on 127.0.0.1:${port}: the port is in use. Stop what listens there or choose another port.\nThe app goes on without an emulator: the option "port" names another port, the option "path" needs none.`,
    ])
  })

  test('says that the state file cannot be written, and the server goes on', async () => {
    const { logger, lines, written } = createPaper()
    const server = await createServer(config(0, logger, join(import.meta.filename, 'state.json')))
    onTestFinished(() => server.close())
    await server.listen()
    await written('state file')
    expect(lines.join('\n')).toMatch(/state file .*state\.json cannot be (read|written)/)
    const [url = ''] = server.resolvedUrls?.local ?? []
    expect((await fetch(url)).status).toBe(404)
  })

  test('starts nothing for a build or under Vitest', async () => {
    const port = await freePort()
    const { logger } = createPaper()
    const input = new URL('./fixtures/empty.js', import.meta.url).pathname
    await build({ ...config(port, logger), build: { write: false, rollupOptions: { input } } })
    expect(await answers(port)).toBe(false)
    vi.stubEnv('VITEST', 'true')
    const server = await createServer(config(port, logger))
    onTestFinished(() => server.close())
    expect(server.config.plugins.map(({ name }) => name)).not.toContain('telnyx-oauth-emulator')
  })
})
