import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Site } from './sites.ts'

type Headers = Readonly<Record<string, string>>

/**
 * Another origin for a site, which sends more headers: what a host or a gateway in front of it would add.
 *
 * @param target where the site is, asked at each request
 * @param headersFor what to add, given the path
 */
export async function serveWithHeaders(
  target: () => string,
  headersFor: Headers | ((path: string) => Headers),
): Promise<Site> {
  const server = createServer((incoming, outgoing) => {
    const { method, url = '/' } = incoming
    const onward = request(new URL(url, target()), { method, headers: incoming.headers }, (answer) => {
      const more = typeof headersFor === 'function' ? headersFor(url) : headersFor
      outgoing.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...more })
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://localhost:${port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
