import { createServer } from 'node:net'

/** Below the ports that operating systems give to outgoing connections: one of those may be taken at any moment. */
const FIRST = 20_000
const PER_PROCESS = 100
const PROCESSES = 100

let count = 0

/**
 * A port on which no server listens, for what must know its address before it starts. Two processes with neighbouring
 * numbers never get the same one.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < PER_PROCESS; tries += 1) {
    count += 1
    const port = FIRST + (process.pid % PROCESSES) * PER_PROCESS + (count % PER_PROCESS)
    if (await isFree(port)) return port
  }
  throw new Error(`No port from ${FIRST} on is free.`)
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
