import type { AddressInfo } from 'node:net'
import type { Express, RequestHandler } from 'express'

/** Answers on loopback until it is closed. @param port 0 lets the operating system choose */
export async function listenOn(
  app: Express,
  port: number,
): Promise<{ readonly origin: string; readonly close: () => Promise<void> }> {
  const server = app.listen(port, '127.0.0.1')
  await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject))
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** What a page of another origin needs: the headers that MCP and OAuth put into an answer. */
export const letPagesIn: RequestHandler = (request, response, next) => {
  response.setHeader('Access-Control-Allow-Origin', '*')
  response.setHeader('Access-Control-Expose-Headers', 'WWW-Authenticate, Mcp-Session-Id')
  if (request.method !== 'OPTIONS') return next()
  response.setHeader('Access-Control-Allow-Methods', 'GET, POST, DELETE')
  response.setHeader(
    'Access-Control-Allow-Headers',
    String(request.headers['access-control-request-headers']),
  )
  response.status(204).end()
}
