import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import type { Controls } from '../controls/controls.ts'
import type { EmulatorState } from '../emulator-state.ts'
import { createHttpServer } from '../http/http.ts'
import { loadProvider } from '../oauth/load-provider.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { openStateFile } from '../store/state-file.ts'
import { type AccessTokens, createAccessTokens } from '../tokens/access-tokens.ts'
import { completeKeys, type SigningKeys } from '../tokens/keys.ts'
import { createApplication } from './application.ts'

/** Starts and stops a server over a state that outlives it. */
export interface Lifecycle {
  /** @throws {Error} before the first start */
  url(): string
  /** Access tokens; `undefined` before the first start. */
  tokens(): AccessTokens | undefined
  start(controls: Controls): Promise<void>
  stop(): Promise<void>
}

interface Running {
  readonly server: Server
  readonly save: () => Promise<void>
}

export function createLifecycle(options: ResolvedOptions, state: EmulatorState): Lifecycle {
  let running: Promise<Running> | undefined
  let tokens: AccessTokens | undefined
  let port: number | undefined
  let kept: SigningKeys | undefined

  function url(): string {
    if (port === undefined) throw new Error('the emulator has no URL before start()')
    return `http://${options.publicHost}:${port}`
  }

  async function serve(controls: Controls): Promise<Running> {
    const [library, stateFile] = await Promise.all([
      loadProvider(),
      openStateFile(options.stateFile, state.store),
    ])
    const keys = await completeKeys(kept ?? stateFile.keys, options.openId?.idTokenAlgorithm ?? 'ES256')
    kept = keys
    tokens = createAccessTokens(state.store, keys.accessTokens)
    const ready: { listener?: ReturnType<typeof createApplication> } = {}
    const server = createHttpServer(async (request, response) => {
      await ready.listener?.(request, response)
      stateFile.saveSoon(keys)
    })
    port = await listen(server, options.host, port ?? options.port)
    const issuer = options.issuer ?? url()
    try {
      await stateFile.create(keys)
      ready.listener = createApplication({ ...state, options, issuer, keys, tokens, library }, controls)
    } catch (error) {
      await close(server)
      throw error
    }
    return { server, save: () => stateFile.save(keys) }
  }

  return {
    url,
    tokens: () => tokens,
    async start(controls) {
      running ??= serve(controls)
      try {
        await running
      } catch (error) {
        running = undefined
        throw error
      }
    },
    async stop() {
      const stopping = running
      running = undefined
      if (stopping === undefined) return
      const { server, save } = await stopping
      state.faults.endDelays()
      state.holds.releaseAll()
      state.log.close()
      await close(server)
      await save()
    },
  }
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const refuse = (cause: NodeJS.ErrnoException): void => {
      if (cause.code !== 'EADDRINUSE') reject(cause)
      else reject(Object.assign(new Error(busyPort(host, port), { cause }), { code: cause.code }))
    }
    server.once('error', refuse)
    server.listen(port, host, () => {
      server.off('error', refuse)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  await closed
  // `fetch` in this process would reuse a connection whose end it has not seen: that takes two turns of the event loop.
  for (let turn = 0; turn < 3; turn += 1) await setImmediate()
}

function busyPort(host: string, port: number): string {
  return `The Telnyx OAuth emulator cannot listen on ${host}:${port}: the port is in use. Stop what listens there or choose another port.`
}
