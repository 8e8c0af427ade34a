import { describe, expect, test } from 'vitest'
import { createDeferred } from '../../../support/deferred.ts'
import { json } from '../../../support/model-server.ts'
import { createScene, type Scene } from '../../../support/scene.ts'

const parPath = '/v2/oauth/par'
const endpoint = { pushed_authorization_request_endpoint: `https://api.telnyx.com${parPath}` }
const insists = { ...endpoint, require_pushed_authorization_requests: true }

const pushes = ({ server }: Scene) => server.requests.filter(({ path }) => path === parPath)

const parametersOf = (url: string) => Object.fromEntries(new URL(url).searchParams)

const down = () => {
  throw new TypeError('Failed to fetch')
}

describe('where the server takes pushed authorization requests', () => {
  test('the URL holds the client and a reference, and the server all the rest', async () => {
    const scene = createScene({ metadata: endpoint })
    const tab = scene.open()
    const url = await scene.leave(tab, { prompt: 'consent', parameters: { theme: 'dark' } })
    expect(parametersOf(url)).toEqual({
      client_id: 'telnyx-demo',
      request_uri: 'urn:ietf:params:oauth:request_uri:1',
    })
    const [push] = pushes(scene)
    expect(push?.method).toBe('POST')
    expect(Object.fromEntries(push?.parameters ?? [])).toMatchObject({
      client_id: 'telnyx-demo',
      response_type: 'code',
      redirect_uri: 'http://localhost:5173/callback',
      scope: 'messaging.read billing.read',
      state: expect.stringMatching(/^tx1\./),
      code_challenge: expect.any(String),
      code_challenge_method: 'S256',
      prompt: 'consent',
      theme: 'dark',
    })
  })

  test('every sign-in pushes anew: a reference is good once', async () => {
    const scene = createScene({ metadata: endpoint })
    const first = await scene.leave(scene.open())
    const second = await scene.leave(scene.open())
    expect(parametersOf(first).request_uri).not.toBe(parametersOf(second).request_uri)
    expect(pushes(scene)).toHaveLength(2)
  })

  test('the request proves the key that the code will be bound to', async () => {
    const scene = createScene({ dpop: true, metadata: endpoint })
    await scene.leave(scene.open())
    const [push] = pushes(scene)
    expect(push?.proof).toEqual(expect.any(String))
    expect(push?.parameters.get('dpop_jkt')).toEqual(expect.any(String))
  })

  test('what it refuses is said in its words, and nobody leaves', async () => {
    const scene = createScene({ metadata: endpoint })
    const tab = scene.open()
    const here = tab.page.href()
    scene.server.script(parPath, () => json({ error: 'invalid_scope' }, 400))
    await expect(tab.auth.signIn()).rejects.toMatchObject({
      code: 'authorization_failed',
      phase: 'sign-in',
      server: { status: 400, error: 'invalid_scope' },
    })
    expect(tab.page.href()).toBe(here)
  })

  test('a server that cannot be reached there gets the parameters in the URL', async () => {
    const scene = createScene({ metadata: endpoint })
    scene.server.script(parPath, down)
    expect(parametersOf(await scene.leave(scene.open()))).toHaveProperty('code_challenge')
  })

  test('unless it insists: then it is an error that may be tried again', async () => {
    const scene = createScene({ metadata: insists })
    scene.server.script(parPath, down)
    await expect(scene.open().auth.signIn()).rejects.toMatchObject({
      code: 'network_error',
      phase: 'sign-in',
      retryable: true,
    })
  })

  test('a server that is busy is waited for by the person, with what it asked for', async () => {
    const scene = createScene({ metadata: endpoint })
    scene.server.script(parPath, () => json({}, 503, { 'retry-after': '7' }))
    const { auth } = scene.open()
    await expect(auth.signIn()).rejects.toMatchObject({ code: 'server_unavailable', retryAfterMs: 7000 })
  })

  test('an answer that never ends ends for the person', async () => {
    const scene = createScene({ metadata: endpoint })
    const arrived = createDeferred()
    scene.server.script(parPath, () => {
      arrived.resolve()
      return new Promise<never>(() => {})
    })
    const left = scene.open().auth.signIn()
    const error = left.catch((failure: unknown) => failure)
    // A digest comes first, which takes what it takes.
    await arrived.promise
    await scene.clock.advance(10_000)
    expect(await error).toMatchObject({ code: 'server_unavailable', phase: 'sign-in' })
  })

  test('an endpoint on plain http is refused', async () => {
    const metadata = { pushed_authorization_request_endpoint: 'http://api.telnyx.com/par' }
    const scene = createScene({ metadata })
    await expect(scene.open().auth.signIn()).rejects.toMatchObject({ code: 'metadata_invalid' })
    expect(pushes(scene)).toEqual([])
  })
})
