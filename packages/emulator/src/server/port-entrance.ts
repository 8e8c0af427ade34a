import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { readBodies } from '../http/read-bodies.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import type { Entrance } from './entrance.ts'

/** A port to listen on, the same one each time. */
export function createPortEntrance(options: ResolvedOptions): Entrance {
  let server: Server | undefined
  let port: number | undefined
  return {
    url() {
      if (port === undefined) throw new Error('the emulator has no URL before start()')
      return `http://${options.publicHost}:${port}`
    },
    issuerOf: () => options.issuer,
    async open(handle) {
      const opened = createServer(readBodies(handle))
      port = await listen(opened, options.host, port ?? options.port)
      server = opened
    },
    async close() {
      if (server !== undefined) await close(server)
      server = undefined
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
