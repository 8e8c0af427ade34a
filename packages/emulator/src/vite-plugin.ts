import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Connect, Logger, Plugin, PreviewServer, ResolvedConfig, ViteDevServer } from 'vite'
import { createEmulator, createEmulatorAt, type Emulator } from './emulator.ts'
import type { EmulatorOptions } from './options/options.ts'
import { resolveOptions } from './options/resolve-options.ts'
import { createPathEntrance, type PathEntrance } from './server/path-entrance.ts'
import { startupBanner } from './startup-banner.ts'

const NAME = 'telnyx-oauth-emulator'

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

  let starting: Promise<void> | undefined
  let devLogger: Logger | undefined

  async function startOnce(logger: Logger): Promise<void> {
    try {
      await emulator.start()
      logger.info(`\n${startupBanner(emulator)}\n`)
    } catch (error) {
      logger.error(`${error instanceof Error ? error.message : String(error)}\n${adviceFor(error)}`)
    }
  }

  function start(logger: Logger): Promise<void> {
    starting ??= startOnce(logger)
    return starting
  }

  function stop(): Promise<void> {
    starting = undefined
    return emulator.stop()
  }

  function startWhenListening({ httpServer, config }: ViteDevServer | PreviewServer): void {
    httpServer?.once('listening', () => {
      entrance?.setOrigin(originOf(httpServer.address() as AddressInfo, 'setSecureContext' in httpServer))
      void start(config.logger)
    })
  }

  return {
    name: NAME,
    api: { path },
    configResolved: (config) => assertOwnPath(path, config),
    apply: (_config, { command, isPreview }) =>
      process.env.VITEST === undefined && (command === 'serve' || isPreview === true),
    async configureServer(server) {
      devLogger = server.config.logger
      if (entrance !== undefined) serveAt(entrance, emulator, server)
      if (server.httpServer === null) await start(devLogger)
      else startWhenListening(server)
    },
    // Before the app can be reached. Not earlier: when Vite restarts, it makes the new server before it closes the old
    // one, and its emulator.
    async buildStart() {
      if (entrance === undefined && devLogger !== undefined) await start(devLogger)
    },
    // Vite waits for this one before it listens again, so a restart finds the port free.
    closeBundle: stop,
    async configurePreviewServer(server) {
      server.httpServer.once('close', () => void stop())
      if (entrance === undefined) return start(server.config.logger)
      serveAt(entrance, emulator, server)
      startWhenListening(server)
    },
  }
}

/** @throws {TypeError} when the path is one of the app, or of another emulator */
function assertOwnPath(path: string | undefined, { base, plugins }: ResolvedConfig): void {
  if (path === undefined) return
  if (isWithin(base, path))
    throw new TypeError(
      `telnyxOAuthEmulator: "path" ${path} is the path of the app itself, by the option "base" of Vite`,
    )
  const paths = plugins
    .filter(({ name }) => name === NAME)
    .map(({ api }) => (api as { readonly path?: string }).path)
  if (paths.filter((other) => other !== undefined && isWithin(other, path)).length > 1)
    throw new TypeError(`telnyxOAuthEmulator: another emulator has "path" ${path}, or one within it`)
}

function isWithin(path: string, folder: string): boolean {
  return `${path}/`.startsWith(`${folder}/`)
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

function serveAt(
  entrance: PathEntrance,
  emulator: Emulator,
  { middlewares }: ViteDevServer | PreviewServer,
): void {
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    await emulator.start()
    await entrance.handle(request, response)
  }
  const handle: Connect.NextHandleFunction = (request, response, next) => {
    if (entrance.includes(request.url)) serve(request, response).catch(next)
    else next()
  }
  middlewares.use(handle)
  // In front of all others: Vite responds to preflights by its own option `cors`.
  middlewares.stack.unshift({
    route: '',
    handle: ((request, response, next) => {
      if (request.method === 'OPTIONS') handle(request, response, next)
      else next()
    }) satisfies Connect.NextHandleFunction,
  })
}

function originOf({ port }: AddressInfo, isSecure: boolean): string {
  return `${isSecure ? 'https' : 'http'}://localhost:${port}`
}
