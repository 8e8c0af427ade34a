import { describe, expect, test } from 'vitest'
import { json } from '../../../support/model-server.ts'
import { createScene, type SceneTab } from '../../../support/scene.ts'
import { settle } from '../../../support/simulated-clock.ts'

const wellKnown = '/.well-known/oauth-authorization-server'

/** How `signIn` fails. */
const failure = ({ auth }: SceneTab): Promise<unknown> =>
  auth.signIn().then(
    () => 'none',
    (error: unknown) => error,
  )

describe('discovery from a resource', () => {
  const resource = 'https://api.example/v2'
  const resourcePath = '/.well-known/oauth-protected-resource/v2'
  const describes = (part: object) => () =>
    json({ resource, authorization_servers: ['https://api.telnyx.com'], ...part })

  test('asks the resource who protects it, then that server', async () => {
    const scene = createScene()
    scene.server.script(resourcePath, describes({}))
    const tab = await scene.signIn({ resource })
    expect(tab.auth.getSnapshot().status).toBe('signed-in')
    expect(scene.server.requests.map(({ path }) => path)).toEqual([
      resourcePath,
      wellKnown,
      '/v2/oauth/token',
    ])
    expect(scene.server.tokenRequests()[0]?.parameters.get('resource')).toBe(resource)
  })

  test('is kept like any other metadata', async () => {
    const scene = createScene()
    scene.server.script(resourcePath, describes({}))
    await scene.leave(scene.open(undefined, { resource }))
    const before = scene.server.requests.length
    await scene.leave(scene.open(undefined, { resource }))
    expect(scene.server.requests).toHaveLength(before)
  })

  test('lets fetch send the token to that resource and nowhere else', async () => {
    const scene = createScene()
    scene.server.script(resourcePath, describes({}))
    const { auth } = await scene.signIn({ resource })
    expect((await auth.fetch(`${resource}/x`)).status).toBe(200)
    await expect(auth.fetch('https://api.telnyx.com/v2/x')).rejects.toMatchObject({
      code: 'resource_not_allowed',
    })
  })

  test.each([
    ['another resource', describes({ resource: 'https://evil.example' }), ''],
    ['no server', describes({ authorization_servers: [] }), 'authorization_servers'],
    [
      'a server on plain http',
      describes({ authorization_servers: ['http://evil.example'] }),
      'authorization_servers',
    ],
    ['servers that are no list', describes({ authorization_servers: 'https://api.telnyx.com' }), ''],
    ['HTML', () => new Response('<html>', { headers: { 'content-type': 'text/html' } }), ''],
    ['404', () => new Response('', { status: 404 }), ''],
  ])('with %s is metadata_invalid, and nobody else is asked', async (_title, script, member) => {
    const scene = createScene()
    scene.server.script(resourcePath, script)
    const error = await failure(scene.open(undefined, { resource }))
    expect(error).toMatchObject({ code: 'metadata_invalid' })
    expect(String(error)).toContain(member)
    expect(scene.server.requests).toHaveLength(1)
  })

  test('of a resource that does not answer is metadata_unavailable', async () => {
    const scene = createScene()
    scene.server.script(resourcePath, () => new Response('', { status: 503 }))
    expect(await failure(scene.open(undefined, { resource }))).toMatchObject({ code: 'metadata_unavailable' })
  })

  test('is not needed when the issuer is given as well', async () => {
    const scene = createScene()
    await scene.leave(scene.open(undefined, { resource, issuer: scene.server.issuer }))
    await settle()
    expect(scene.server.requests.map(({ path }) => path)).toEqual([wellKnown])
  })

  test('takes the first server that is allowed, and asks no other', async () => {
    const scene = createScene()
    const servers = ['https://evil.example', 'https://api.example', 'https://api.telnyx.com']
    scene.server.script(resourcePath, describes({ authorization_servers: servers }))
    scene.server.script(wellKnown, () => json({ issuer: 'https://api.example' }))
    const error = await failure(scene.open(undefined, { resource }))
    expect(error).toMatchObject({ code: 'metadata_invalid' })
    expect(String(error)).toContain('authorization_endpoint')
    expect(scene.server.requests).toHaveLength(2)
  })

  test.each([
    ['none', { allowedIssuers: [] }],
    ['others', { allowedIssuers: ['https://id.example'] }],
    ['one with a path more', { allowedIssuers: ['https://api.telnyx.com/'] }],
    ['nobody in particular', {}, ['https://evil.example']],
    [
      'nobody in particular, and the name looks alike',
      {},
      ['https://api.telnyx.com.evil.example', 'https://api.telnyx.com/'],
    ],
  ])(
    'where the app allows %s is issuer_not_allowed, and nothing is sent to the server it names',
    async (_title, options, servers = ['https://api.telnyx.com']) => {
      const scene = createScene()
      scene.server.script(resourcePath, describes({ authorization_servers: servers }))
      const error = await failure(scene.open(undefined, { resource, ...options }))
      expect(error).toMatchObject({ code: 'issuer_not_allowed', phase: 'discovery', retryable: false })
      expect(String(error)).toContain(new URL(servers[0] ?? '').origin)
      expect(scene.server.requests.map(({ path }) => path)).toEqual([resourcePath])
    },
  )

  test('goes to a server that the app allows', async () => {
    const scene = createScene()
    scene.server.script(resourcePath, describes({}))
    const tab = await scene.signIn({
      resource,
      allowedIssuers: ['https://id.example', 'https://api.telnyx.com'],
    })
    expect(tab.auth.getSnapshot().status).toBe('signed-in')
  })

  test('forgets a server in the store that the app no longer allows', async () => {
    const scene = createScene()
    scene.server.script(resourcePath, describes({}), describes({}))
    await scene.leave(scene.open(undefined, { resource }))
    const error = await failure(scene.open(undefined, { resource, allowedIssuers: ['https://id.example'] }))
    expect(error).toMatchObject({ code: 'issuer_not_allowed' })
  })
})
