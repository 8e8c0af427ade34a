import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A web site on this machine. */
export interface Site {
  readonly origin: string
  readonly close: () => Promise<void>
}

/** Listens on loopback until it is closed. @param port 0 lets the operating system choose */
export async function listenOn(listener: RequestListener, port = 0): Promise<Site> {
  const server = createServer(listener)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve)
  })
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
