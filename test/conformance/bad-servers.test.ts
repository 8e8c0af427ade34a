import { describe, expect, test } from 'vitest'
import { isTelnyxAuthError } from '../../packages/core/src/errors.ts'
import type { TelnyxAuthOptions } from '../../packages/core/src/options.ts'
import { json, type ModelServerOptions, registerPath, type Script } from '../support/model-server.ts'
import { createRegisteringBrowser, createRegistrar } from '../support/registering-browser.ts'
import { createScene, errorOf, refreshTokensSent, type Scene, type SceneTab } from '../support/scene.ts'
import { answerTo } from '../support/sign-in-tab.ts'
import { appOrigin } from '../support/simulated-browser.ts'
import { settle } from '../support/simulated-clock.ts'

const issuer = 'https://api.telnyx.com'
const wellKnown = '/.well-known/oauth-authorization-server'
const tokenPath = '/v2/oauth/token'
const api = `${issuer}/v2/phone_numbers`

/** What reached the server: how, and where. */
const seen = ({ server }: Pick<Scene, 'server'>): string[] =>
  server.requests.map(({ method, url }) => `${method} ${url}`)

/** How `work` fails: the code, after a look at what every error must say. */
async function failure(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!isTelnyxAuthError(error)) return `not typed: ${String(error)}`
  expect(error.message).toMatch(new RegExp(`^${error.code}(: .+)?$`))
  return error.code
}

/** A person who signed in while the server was good; now its metadata is old, and so is the token. */
async function signedInBefore(): Promise<{ scene: Scene; tab: SceneTab; before: number }> {
  const scene = createScene()
  const tab = await scene.signIn()
  scene.clock.jump(23 * 3_600_000)
  return { scene, tab, before: scene.server.requests.length }
}

const metadata =
  (part: Readonly<Record<string, unknown>>): Script =>
  () =>
    json({
      issuer,
      authorization_endpoint: `${issuer}/v2/oauth/authorize`,
      token_endpoint: `${issuer}${tokenPath}`,
      code_challenge_methods_supported: ['S256'],
      ...part,
    })

/** What is wrong with the metadata, and the code of the error. */
const badMetadata: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
  ['the issuer of another server', { issuer: 'https://evil.example' }, 'metadata_invalid'],
  ['its own issuer with a slash more', { issuer: `${issuer}/` }, 'metadata_invalid'],
  ['no issuer', { issuer: undefined }, 'metadata_invalid'],
  ['a login page on http', { authorization_endpoint: 'http://api.telnyx.com/login' }, 'metadata_invalid'],
  [
    'a token endpoint on http',
    { token_endpoint: 'http://api.telnyx.com/v2/oauth/token' },
    'metadata_invalid',
  ],
  [
    'a revocation endpoint on http',
    { revocation_endpoint: 'http://api.telnyx.com/revoke' },
    'metadata_invalid',
  ],
  [
    'an endpoint for pushed requests on http',
    { pushed_authorization_request_endpoint: 'http://api.telnyx.com/par' },
    'metadata_invalid',
  ],
  ['a script for a login page', { authorization_endpoint: 'javascript:alert(1)' }, 'metadata_invalid'],
  ['no PKCE', { code_challenge_methods_supported: undefined }, 'pkce_unsupported'],
  ['plain PKCE alone', { code_challenge_methods_supported: ['plain'] }, 'pkce_unsupported'],
]

describe('metadata that names', () => {
  test.each(badMetadata)('%s: nobody leaves for that server', async (_title, part, code) => {
    const scene = createScene()
    scene.server.script(wellKnown, metadata(part))
    const tab = scene.open()
    expect(await failure(tab.auth.signIn())).toBe(code)
    expect(errorOf(tab)).toMatchObject({ code })
    expect(seen(scene)).toEqual([`GET ${issuer}${wellKnown}`])
    expect(tab.page.href()).toBe(`${appOrigin}/`)
    expect([...scene.records.keys()].filter((key) => key.includes('transactions'))).toEqual([])
  })

  test.each(badMetadata.filter(([, , code]) => code === 'metadata_invalid'))(
    '%s, when they change: a refresh token goes where it was issued, or nowhere',
    async (_title, part) => {
      const { scene, tab, before } = await signedInBefore()
      scene.server.script(wellKnown, metadata(part))
      await tab.auth.getAccessToken()
      expect(seen(scene).slice(before)).toEqual([`GET ${issuer}${wellKnown}`, `POST ${issuer}${tokenPath}`])
    },
  )
})

describe('an answer whose iss', () => {
  test.each([
    ['names another server', { code: 'x', iss: 'https://evil.example' }],
    ['is a little different', { code: 'x', iss: `${issuer}/` }],
    [
      'comes with an error',
      { error: 'access_denied', error_description: 'call 555-0100', iss: 'https://e.example' },
    ],
  ])('%s is issuer_mismatch: the code stays here, and the words are not shown', async (_title, answer) => {
    const scene = createScene()
    const tab = scene.open()
    const back = await scene.comeBack(tab, answerTo(await scene.leave(tab), answer as Record<string, string>))
    expect(await failure(back.auth.getAccessToken())).toBe('issuer_mismatch')
    expect(seen(scene)).toEqual([`GET ${issuer}${wellKnown}`])
    expect(JSON.stringify(back.auth.getSnapshot())).not.toContain('555-0100')
    expect(back.page.href()).toBe(`${appOrigin}/inbox`)
  })

  test('is missing though the metadata promises it, is issuer_mismatch', async () => {
    const scene = createScene({ metadata: { authorization_response_iss_parameter_supported: true } })
    const tab = scene.open()
    const back = await scene.comeBack(tab, answerTo(await scene.leave(tab), { code: 'x' }))
    expect(await failure(back.auth.getAccessToken())).toBe('issuer_mismatch')
    expect(scene.server.tokenRequests()).toEqual([])
  })
})

const badTokens: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['a type that nobody knows', { access_token: 'a', token_type: 'mac' }],
  ['no token, for it is null', { access_token: null, token_type: 'Bearer' }],
  ['a type that is no text', { access_token: 'a', token_type: ['Bearer'] }],
  ['a type that needs a key, which nobody offered', { access_token: 'a', token_type: 'DPoP' }],
  ['a line break in the token', { access_token: 'a\r\nx-injected: 1', token_type: 'Bearer' }],
  ['a number for a token', { access_token: 7, token_type: 'Bearer' }],
]

describe('tokens with', () => {
  test.each(badTokens)('%s sign nobody in, and are sent nowhere', async (_title, answer) => {
    const scene = createScene()
    scene.server.script(tokenPath, () => json({ expires_in: 1800, refresh_token: 'r', ...answer }))
    const { auth } = await scene.signIn()
    expect(await failure(auth.getAccessToken())).toBe('response_invalid')
    const before = seen(scene).length
    expect(await failure(auth.fetch(api))).toBe('response_invalid')
    expect(seen(scene)).toHaveLength(before)
    expect(scene.record()).toBeUndefined()
  })

  test.each(badTokens)('%s replace no good ones', async (_title, answer) => {
    const scene = createScene()
    const { auth } = await scene.signIn()
    const bad: Script = () => json({ expires_in: 1800, refresh_token: 'r', ...answer })
    scene.server.script(tokenPath, bad, bad, bad)
    const refreshed = failure(auth.refresh())
    // Two tries; the next one is not due yet.
    await scene.clock.advance(1500)
    expect(await refreshed).toBe('response_invalid')
    await auth.fetch(api)
    expect(scene.server.requests.at(-1)?.authorization).toBe('Bearer access-2')
    // The new refresh token is kept, whatever else is odd.
    expect(scene.record()).toMatchObject({ refreshToken: 'r' })
  })
})

describe('a server that asks for another nonce each time', () => {
  const options: ModelServerOptions = { dpop: true }
  const nonces = ['n1', 'n2', 'n3', 'n4', 'n5', 'n6']
  const ask: Script[] = nonces.map(
    (nonce) => () => json({ error: 'use_dpop_nonce' }, 400, { 'dpop-nonce': nonce }),
  )

  test('gets a code twice, and nobody is signed in', async () => {
    const scene = createScene(options)
    scene.server.script(tokenPath, ...ask)
    const { auth } = await scene.signIn()
    expect(await failure(auth.getAccessToken())).toBe('request_rejected')
    await scene.clock.advance(60_000)
    expect(scene.server.tokenRequests()).toHaveLength(2)
  })

  test('gets a refresh token twice; the session stays, and is tried again later', async () => {
    const scene = createScene(options)
    const { auth } = await scene.signIn()
    scene.server.script(tokenPath, ...ask)
    expect(await failure(auth.refresh())).toBe('request_rejected')
    expect(refreshTokensSent(scene)).toEqual(['refresh-2', 'refresh-2'])
    expect(auth.getSnapshot()).toMatchObject({ status: 'signed-in', isStale: true })
    expect(await auth.getAccessToken()).toBe('access-2')
  })

  test('and is a resource, gets a request twice, and no refresh', async () => {
    const scene = createScene(options)
    const { auth } = await scene.signIn()
    const challenges = nonces.map(
      (nonce) => () =>
        json({}, 401, { 'dpop-nonce': nonce, 'www-authenticate': 'DPoP error="use_dpop_nonce"' }),
    )
    scene.server.script('/v2/phone_numbers', ...challenges)
    expect((await auth.fetch(api)).status).toBe(401)
    await settle()
    expect(scene.server.requests.filter(({ url }) => url === api)).toHaveLength(2)
    expect(refreshTokensSent(scene)).toEqual([])
  })
})

describe('a resource that names', () => {
  const resource = 'https://files.example.com/'

  /** A sign-in for a resource whose metadata name these servers; what all of them saw. */
  async function signInFor(named: unknown, options: Partial<TelnyxAuthOptions> = {}) {
    const scene = createScene()
    const seenElsewhere: string[] = []
    const anywhere: typeof globalThis.fetch = async (input) => {
      seenElsewhere.push(new URL(String(input)).origin)
      return json({ resource, authorization_servers: named })
    }
    const fetch: typeof globalThis.fetch = (input, init) =>
      (String(input).startsWith(issuer) ? scene.server.fetch : anywhere)(input, init)
    const tab = scene.open(undefined, { resource, fetch, ...options })
    const code = await failure(tab.auth.signIn())
    expect(tab.page.href()).toBe(`${appOrigin}/`)
    expect(seen(scene)).toEqual([])
    return { code, seenElsewhere }
  }

  test.each([
    ['a foreign server', ['https://evil.example'], 'issuer_not_allowed'],
    [
      'one that looks like Telnyx',
      [`${issuer}.evil.example`, `${issuer}@evil.example`],
      'issuer_not_allowed',
    ],
    ['Telnyx with a slash more', [`${issuer}/`], 'issuer_not_allowed'],
    ['a server on http', ['http://files.example.com'], 'metadata_invalid'],
    ['no server', undefined, 'metadata_invalid'],
  ])('%s: nobody leaves, and that server is not even asked', async (_title, named, code) => {
    const outcome = await signInFor(named)
    expect(outcome).toEqual({ code, seenElsewhere: ['https://files.example.com'] })
  })

  test('Telnyx, where the app allows another server alone: nobody leaves', async () => {
    const { code } = await signInFor([issuer], { allowedIssuers: ['https://login.example.com'] })
    expect(code).toBe('issuer_not_allowed')
  })
})

describe('a registration that is answered with', () => {
  const answer = { client_id: 'c', redirect_uris: [`${appOrigin}/callback`] }
  const secret = 's3cret-0123456789'

  test.each([
    ['a secret', { client_secret: secret }],
    ['a secret for ever', { client_secret: secret, client_secret_expires_at: 0 }],
    ['a method that needs a secret', { token_endpoint_auth_method: 'client_secret_basic' }],
    ['a redirect URI of somebody else', { redirect_uris: ['https://evil.example/'] }],
  ])('%s gives no client: it is neither used nor kept nor asked for again', async (_title, part) => {
    const registrar = createRegistrar()
    const browser = createRegisteringBrowser(registrar.fetch)
    registrar.script(registerPath, () => json({ ...answer, ...part }, 201))
    expect(await failure(browser.open().register())).toBe('registration_unusable')
    expect(seen({ server: registrar })).toEqual([
      `GET ${issuer}${wellKnown}`,
      `POST ${issuer}${registerPath}`,
    ])
    expect(JSON.stringify([...browser.records])).not.toMatch(/s3cret|"clientId"/)
  })
})

test('an app that insists on a key leaves for no server that knows none, and takes no bearer token', async () => {
  const required: Partial<TelnyxAuthOptions> = { dpop: 'required' }
  const without = createScene()
  expect(await failure(without.open(undefined, required).auth.signIn())).toBe('dpop_unsupported')
  expect(seen(without)).toEqual([`GET ${issuer}${wellKnown}`])
  const lying = createScene({ metadata: { dpop_signing_alg_values_supported: ['ES256'] } })
  const { auth } = await lying.signIn(required)
  expect(await failure(auth.getAccessToken())).toBe('response_invalid')
})
