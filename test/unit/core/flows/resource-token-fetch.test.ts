import { describe, expect, test } from 'vitest'
import { createDeferred } from '../../../support/deferred.ts'
import { json } from '../../../support/model-server.ts'
import { createScene, lifetimeMs, refreshTokensSent, type Scene } from '../../../support/scene.ts'
import { settle } from '../../../support/simulated-clock.ts'

const issuer = 'https://api.telnyx.com'
const mcp = `${issuer}/v2/mcp`
const options = { issuer, resource: [issuer, mcp] }
const choice = { resource: mcp }

/** What reached the MCP server: with which token. */
const mcpCalls = ({ server }: Scene) =>
  server.requests.filter(({ path }) => path === '/v2/mcp').map(({ authorization }) => authorization)

const refused = () => json({ errors: [] }, 401, { 'www-authenticate': 'Bearer error="invalid_token"' })

async function signedIn() {
  const scene = createScene()
  const { auth } = await scene.signIn(options)
  return { scene, auth }
}

describe('fetch with a token for another resource', () => {
  test('sends the token of the resource that covers the URL, without a target', async () => {
    const { scene, auth } = await signedIn()
    await auth.fetch(mcp, { method: 'POST' })
    await auth.fetch(`${issuer}/v2/mcpx`)
    await auth.fetch(mcp, {}, { scope: 'billing.read' })
    expect(mcpCalls(scene)).toEqual(['Bearer access-3', 'Bearer access-4'])
    expect(scene.server.requests.find(({ path }) => path === '/v2/mcpx')?.authorization).toBe(
      'Bearer access-2',
    )
    const refreshes = scene.server.tokenRequests('refresh_token')
    expect(refreshes.map(({ parameters }) => parameters.get('resource'))).toEqual([mcp, mcp])
  })

  test('sends the token of the longest resource, in whatever order the client names them', async () => {
    const scene = createScene()
    const { auth } = await scene.signIn({ issuer, resource: [mcp, issuer] })
    await auth.fetch(mcp)
    await auth.fetch(`${issuer}/v2/phone_numbers`)
    expect(mcpCalls(scene)).toEqual(['Bearer access-2'])
    expect(scene.server.requests.at(-1)?.authorization).toBe('Bearer access-3')
  })

  test('sends the session’s own token to a URL that allowedUrls alone covers', async () => {
    const scene = createScene()
    const { auth } = await scene.signIn({ issuer, resource: [mcp], allowedUrls: [issuer] })
    await auth.fetch(`${issuer}/v2/phone_numbers`)
    expect(scene.server.requests.at(-1)?.authorization).toBe('Bearer access-2')
  })

  test('a resource in the target that does not cover the URL: resource_not_allowed, and nothing is sent', async () => {
    const { scene, auth } = await signedIn()
    const sent = scene.server.requests.length
    await expect(auth.fetch(`${issuer}/v2/phone_numbers`, {}, choice)).rejects.toMatchObject({
      code: 'resource_not_allowed',
    })
    expect(scene.server.requests).toHaveLength(sent)
  })

  test('sends no token to a URL that is not allowed, and gets none for it', async () => {
    const { scene, auth } = await signedIn()
    await expect(auth.fetch('https://evil.example', {}, choice)).rejects.toMatchObject({
      code: 'resource_not_allowed',
    })
    expect(refreshTokensSent(scene)).toEqual([])
  })

  test('answers a 401 with one renewal of that token and one more try, for any number of requests', async () => {
    const { scene, auth } = await signedIn()
    const before = auth.getSnapshot()
    await auth.getAccessToken(choice)
    scene.server.script('/v2/mcp', ...Array(5).fill(refused))
    const responses = await Promise.all(Array.from({ length: 5 }, () => auth.fetch(mcp, {}, choice)))
    expect(responses.map(({ status }) => status)).toEqual(Array(5).fill(200))
    expect(new Set(mcpCalls(scene))).toEqual(new Set(['Bearer access-3', 'Bearer access-4']))
    expect(
      scene.server.tokenRequests('refresh_token').map(({ parameters }) => parameters.get('resource')),
    ).toEqual([mcp, mcp])
    expect(auth.getSnapshot()).toBe(before)
  })

  test('of a forbidden endpoint, polled by two tabs, renews it once', async () => {
    const { scene, auth } = await signedIn()
    const other = scene.open(undefined, options)
    await other.auth.ready()
    scene.server.script('/v2/mcp', ...Array(100).fill(refused))
    for (let n = 0; n < 5; n++) {
      for (const tab of [auth, other.auth]) {
        expect((await tab.fetch(mcp, {}, choice)).status).toBe(401)
        await settle()
      }
    }
    expect(refreshTokensSent(scene)).toHaveLength(2)
  })

  test('tries again with a newer one that is there already', async () => {
    const { scene, auth } = await signedIn()
    const held = createDeferred()
    await auth.getAccessToken(choice)
    scene.server.script('/v2/mcp', () => held.promise.then(refused))
    const response = auth.fetch(mcp, {}, choice)
    await settle()
    scene.clock.jump(lifetimeMs / 2)
    await auth.getAccessToken({ ...choice, minValidityMs: lifetimeMs })
    held.resolve()
    expect((await response).status).toBe(200)
    expect(mcpCalls(scene)).toEqual(['Bearer access-3', 'Bearer access-4'])
    expect(refreshTokensSent(scene)).toHaveLength(2)
  })

  test('returns the 401 where no newer one can be got, though the one that was refused has not expired', async () => {
    const { scene, auth } = await signedIn()
    await auth.getAccessToken(choice)
    scene.server.script('/v2/mcp', refused)
    scene.server.script('/v2/oauth/token', () => json({ error: 'invalid_target' }, 400))
    expect((await auth.fetch(mcp, {}, choice)).status).toBe(401)
    expect(mcpCalls(scene)).toHaveLength(1)
    expect(auth.getSnapshot()).toMatchObject({ status: 'signed-in', isStale: false })
  })

  test('with the choice of the session’s own renews that one', async () => {
    const { scene, auth } = await signedIn()
    scene.server.script('/v2/mcp', refused)
    expect((await auth.fetch(mcp, {}, { resource: issuer })).status).toBe(200)
    expect(auth.getSnapshot()).toMatchObject({ token: { accessToken: 'access-3' } })
  })
})
