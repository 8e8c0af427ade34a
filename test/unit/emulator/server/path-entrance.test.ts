import { connect, constants, createServer, type IncomingHttpHeaders } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createEmulatorAt } from '../../../../packages/emulator/src/emulator.ts'
import { resolveOptions } from '../../../../packages/emulator/src/options/resolve-options.ts'
import { createIssuerCache } from '../../../../packages/emulator/src/server/issuer-cache.ts'
import { createPathEntrance } from '../../../../packages/emulator/src/server/path-entrance.ts'

interface Reply {
  readonly headers: IncomingHttpHeaders & { readonly ':status'?: number }
  readonly text: string
  /** Code that the stream ended with; 0 for a response that is whole. */
  readonly code: number | undefined
}

test('on HTTP/2, which Vite speaks over https, requests are served and logged as on HTTP/1.1', async () => {
  const entrance = createPathEntrance('/telnyx')
  const emulator = createEmulatorAt(entrance, resolveOptions({}))
  await emulator.start()
  onTestFinished(() => emulator.stop())
  const server = createServer((asked, response) => void entrance.handle(asked as never, response as never))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  const session = connect(origin)
  onTestFinished(() => session.close())

  async function ask(headers: Readonly<Record<string, string>>, body = ''): Promise<Reply> {
    const stream = session.request(headers, { endStream: false })
    const received = new Promise<Reply['headers']>((resolve) => {
      stream.once('response', resolve).once('close', () => resolve({}))
    })
    stream.end(body)
    let text = ''
    for await (const chunk of stream) text += String(chunk)
    return { headers: await received, text, code: stream.rstCode }
  }

  const metadata = await ask({ ':path': '/.well-known/oauth-authorization-server/telnyx' })
  expect(JSON.parse(metadata.text)).toMatchObject({ issuer: `${origin}/telnyx` })
  const refused = await ask(
    {
      ':method': 'POST',
      ':path': '/telnyx/v2/oauth/token?code=secret',
      'content-type': 'application/x-www-form-urlencoded',
    },
    'grant_type=refresh_token&refresh_token=secret&client_id=telnyx-demo',
  )
  expect([refused.headers[':status'], JSON.parse(refused.text)]).toMatchObject([
    400,
    { error: 'invalid_grant' },
  ])
  expect((await ask({ ':path': '/telnyx/__emulator/' })).headers[':status']).toBe(200)
  const [, logged] = emulator.requests()
  expect(logged).toMatchObject({ endpoint: 'token', grant: 'refresh_token', status: 400 })
  expect(Object.keys(logged?.headers ?? {}).filter((name) => name.startsWith(':'))).toEqual([])
  expect(logged?.headers.host).toBe(new URL(origin).host)

  emulator.fail('jwks', { drop: true })
  emulator.fail('jwks', { drop: 'mid-body' })
  const { NGHTTP2_CANCEL: code } = constants
  expect(await ask({ ':path': '/telnyx/v2/oauth/jwks' })).toEqual({ headers: {}, text: '', code })
  expect(await ask({ ':path': '/telnyx/v2/oauth/jwks' })).toMatchObject({
    headers: { ':status': 200 },
    text: expect.stringMatching(/^\{"keys":/),
    code,
  })
  // The connection itself stays: other requests are on it.
  expect((await ask({ ':path': '/telnyx/v2/oauth/jwks' })).code).toBe(0)
}, 30_000)

test('an application is made once for an issuer, and few are kept, since requests name the hosts', () => {
  const made: (string | undefined)[] = []
  const cache = createIssuerCache((issuer) => {
    made.push(issuer)
    return async () => {}
  })
  const issuers = Array.from({ length: 16 }, (_, index) => `https://${index}.example`)
  for (const issuer of [...issuers, ...issuers]) cache.get(issuer)
  expect(made).toEqual(issuers)
  cache.get('https://one-more.example')
  cache.get('https://1.example')
  expect(made).toHaveLength(17)
  cache.get('https://0.example')
  expect(made).toHaveLength(18)
})
