import { describe, expect, test } from 'vitest'
import { json } from '../../../support/model-server.ts'
import { createScene } from '../../../support/scene.ts'
import { settle } from '../../../support/simulated-clock.ts'

const resource = 'https://mcp.example/v2'
const resourcePath = '/.well-known/oauth-protected-resource/v2'
const revocation_endpoint = 'https://api.telnyx.com/v2/oauth/revoke'
const metadataPath = '/.well-known/oauth-authorization-server'
const hourMs = 3_600_000

/** A user signed in through a resource that named Telnyx, and later names its own origin. */
async function createMovedResource() {
  const scene = createScene({ metadata: { revocation_endpoint } })
  const naming = (issuer: string) => () => json({ resource, authorization_servers: [issuer] })
  scene.server.script(resourcePath, naming('https://api.telnyx.com'))
  const tab = await scene.signIn({ resource })
  scene.clock.jump(2 * hourMs)
  scene.server.script(resourcePath, ...Array(9).fill(naming('https://mcp.example')))
  return { scene, tab, before: scene.server.requests.length }
}

const originsOf = (requests: readonly { readonly url: string }[]) =>
  new Set(requests.map(({ url }) => new URL(url).origin))

test.each([
  ['the issuer of another server', { issuer: 'https://evil.example' }],
  ['a token endpoint on plain http', { token_endpoint: 'http://api.telnyx.com/v2/oauth/token' }],
  ['a script as authorization endpoint', { authorization_endpoint: 'javascript:alert(1)' }],
])(
  'metadata that name %s later: a refresh goes to the token endpoint of the session',
  async (_title, part) => {
    const scene = createScene()
    const { auth } = await scene.signIn()
    scene.clock.jump(23 * hourMs)
    const before = scene.server.requests.length
    scene.server.script(metadataPath, async (process) =>
      json({ ...((await process().json()) as object), ...part }),
    )
    await auth.getAccessToken()
    const sent = scene.server.requests.slice(before).map(({ method, url }) => `${method} ${url}`)
    const { issuer } = scene.server
    expect(sent).toEqual([`GET ${issuer}${metadataPath}`, `POST ${issuer}/v2/oauth/token`])
  },
)

describe('a resource whose metadata name another issuer later', () => {
  test('a refresh still goes to the issuer of the session, and to no other server', async () => {
    const { scene, tab, before } = await createMovedResource()
    await tab.auth.refresh()
    const sent = scene.server.requests.slice(before)
    expect(originsOf(sent)).toEqual(new Set(['https://api.telnyx.com']))
    expect(sent.some(({ grant }) => grant === 'refresh_token')).toBe(true)
  })

  test('a sign-out revokes at the issuer of the session, and at no other server', async () => {
    const { scene, tab, before } = await createMovedResource()
    expect(await tab.auth.signOut()).toEqual({ revoked: true })
    expect(originsOf(scene.server.requests.slice(before))).toEqual(new Set(['https://api.telnyx.com']))
  })

  test('a refresh is not sent once the app allows another issuer only', async () => {
    const { scene, tab } = await createMovedResource()
    const options = { resource, allowedIssuers: ['https://mcp.example'] }
    const later = scene.open(undefined, options)
    tab.auth.dispose()
    await later.auth.ready()
    const refreshed = later.auth.refresh().catch((error: unknown) => error)
    await settle()
    expect(await refreshed).toMatchObject({ code: 'issuer_not_allowed' })
    expect(scene.server.tokenRequests('refresh_token')).toEqual([])
    expect(later.auth.getSnapshot()).toMatchObject({ status: 'signed-in', isStale: true })
  })
})
