import { request } from 'node:http'
import type { Site } from './listen-on.ts'
import { listenOn } from './listen-on.ts'

type Headers = Readonly<Record<string, string>>

/**
 * Another origin for a site, which sends more headers: what a host or a gateway in front of it would add.
 *
 * @param target where the site is, asked at each request
 * @param headersFor what to add, given the path
 */
export function serveWithHeaders(
  target: () => string,
  headersFor: Headers | ((path: string) => Headers),
): Promise<Site> {
  return listenOn((incoming, outgoing) => {
    const { method, url = '/' } = incoming
    const onward = request(new URL(url, target()), { method, headers: incoming.headers }, (answer) => {
      const more = typeof headersFor === 'function' ? headersFor(url) : headersFor
      outgoing.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...more })
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
}
