import type { Logger, Plugin, PreviewServer, ViteDevServer } from 'vite'
import { createEmulator } from './emulator.ts'
import type { EmulatorOptions } from './options/options.ts'
import { startupBanner } from './startup-banner.ts'

/**
 * Runs the emulator beside `vite dev` and `vite preview`, and stops it with them.
 *
 * Takes the options of `createEmulator`. Nothing of it gets into a build, and Vitest, which reads the same
 * configuration, is left alone: a test starts an emulator of its own.
 */
export function telnyxOAuthEmulator(options: EmulatorOptions = {}): Plugin {
  const emulator = createEmulator(options)

  async function start(logger: Logger): Promise<void> {
    try {
      await emulator.start()
      logger.info(`\n${startupBanner(emulator)}\n`)
    } catch (error) {
      logger.error(error instanceof Error ? error.message : String(error))
    }
  }

  async function startWith({ httpServer, config }: ViteDevServer | PreviewServer): Promise<void> {
    if (httpServer === null) return start(config.logger)
    // Not earlier: when Vite restarts, the new server is made before the old one, and its emulator, are closed.
    httpServer.once('listening', () => void start(config.logger))
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
