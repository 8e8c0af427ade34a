import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Connect, Logger, Plugin, PreviewServer, ViteDevServer } from 'vite'
import { createEmulator, createEmulatorAt, type Emulator } from './emulator.ts'
import type { EmulatorOptions } from './options/options.ts'
import { resolveOptions } from './options/resolve-options.ts'
import { createPathEntrance, type PathEntrance } from './server/path-entrance.ts'
import { startupBanner } from './startup-banner.ts'

/** Options of `createEmulator`, and the path. */
export interface EmulatorPluginOptions extends EmulatorOptions {
  /**
   * Serves the emulator on this path of the app's own origin, such as `/telnyx`, in place of a port of its own. The
   * issuer is that origin and the path. @default none: a port
   */
  readonly path?: string
}

/**
 * Runs the emulator beside `vite dev` and `vite preview`, and stops it with them.
 *
 * Takes the options of `createEmulator`. Nothing of it gets into a build, and Vitest, which reads the same
 * configuration, is left alone: a test starts an emulator of its own.
 *
 * @throws {TypeError} when an option is not what it must be; the message names it
 */
export function telnyxOAuthEmulator({ path, ...options }: EmulatorPluginOptions = {}): Plugin {
  const entrance = path === undefined ? undefined : createPathEntrance(path)
  const emulator = entrance === undefined ? createEmulator(options) : createEmulatorOn(entrance, options)

  async function start(logger: Logger): Promise<void> {
    try {
      await emulator.start()
      logger.info(`\n${startupBanner(emulator)}\n`)
    } catch (error) {
      logger.error(`${error instanceof Error ? error.message : String(error)}\n${adviceFor(error)}`)
    }
  }

  async function startWith({
    httpServer,
    middlewares,
    config,
  }: ViteDevServer | PreviewServer): Promise<void> {
    if (entrance !== undefined) middlewares.use(middlewareOf(entrance, emulator))
    if (httpServer === null) return start(config.logger)
    // Not earlier: when Vite restarts, the new server is made before the old one, and its emulator, are closed.
    httpServer.once('listening', () => {
      entrance?.setOrigin(originOf(httpServer.address() as AddressInfo, 'setSecureContext' in httpServer))
      void start(config.logger)
    })
  }

  return {
    name: 'telnyx-oauth-emulator',
    apply: (_config, { command, isPreview }) =>
      process.env.VITEST === undefined && (command === 'serve' || isPreview === true),
    configureServer: startWith,
    // Vite waits for this one before it listens again, so a restart finds the port free.
    closeBundle: () => emulator.stop(),
    configurePreviewServer(server) {
      server.httpServer.once('close', () => void emulator.stop())
      return startWith(server)
    },
  }
}

function adviceFor(error: unknown): string {
  const goesOn = 'The app goes on without an emulator'
  return (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
    ? `${goesOn}: the option "port" names another port, the option "path" needs none.`
    : `${goesOn}.`
}

/** They say where to listen, and the server of the app listens already. */
const LISTENING = ['host', 'port', 'publicHost', 'issuer'] as const

function createEmulatorOn(entrance: PathEntrance, options: EmulatorOptions): Emulator {
  const resolved = resolveOptions(options)
  const wrong = LISTENING.find((name) => options[name] !== undefined)
  if (wrong !== undefined)
    throw new TypeError(`telnyxOAuthEmulator: the options "path" and "${wrong}" exclude each other`)
  return createEmulatorAt(entrance, resolved)
}

function middlewareOf(entrance: PathEntrance, emulator: Emulator): Connect.NextHandleFunction {
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    await emulator.start()
    await entrance.handle(request, response)
  }
  return (request, response, next) => {
    if (entrance.includes(request.url)) serve(request, response).catch(next)
    else next()
  }
}

function originOf({ port }: AddressInfo, isSecure: boolean): string {
  return `${isSecure ? 'https' : 'http'}://localhost:${port}`
}
