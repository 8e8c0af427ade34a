import { describe, expect, test } from 'vitest'
import { json } from '../../../support/model-server.ts'
import { createScene, errorOf, type Scene, type SceneTab } from '../../../support/scene.ts'
import { settle } from '../../../support/simulated-clock.ts'

const tokenPath = '/v2/oauth/token'
const seconds = () => Math.floor(Date.now() / 1000)

type Members = Readonly<Record<string, unknown>>

/** An ID token as a server would make it; its signature is not looked at, because it comes straight from there. */
function idToken(claims: Members = {}, header: Members = { alg: 'RS256' }): string {
  const all = {
    iss: 'https://api.telnyx.com',
    aud: 'telnyx-demo',
    sub: 'ava',
    iat: seconds(),
    exp: seconds() + 600,
    ...claims,
  }
  const parts = [header, all].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  return `${parts.join('.')}.c2ln`
}

const respondWith = (id_token: unknown) => () =>
  json({ access_token: 'a', token_type: 'Bearer', refresh_token: 'r', id_token })

const answerWith = (claims?: Members) => respondWith(idToken(claims))

async function signInWith(scene: Scene, claims?: Members, header?: Members): Promise<SceneTab> {
  const tab = scene.open()
  await scene.leave(tab)
  scene.server.script(tokenPath, respondWith(idToken(claims, header)))
  return scene.comeBack(tab)
}

describe('an ID token', () => {
  test('that is valid puts its claims into the snapshot', async () => {
    const { auth } = await signInWith(createScene(), { email: 'ava@example.com' })
    expect(auth.getSnapshot()).toMatchObject({ token: { claims: { sub: 'ava', email: 'ava@example.com' } } })
  })

  test.each([
    ['of another issuer', { iss: 'https://evil.example' }],
    ['for another client', { aud: 'somebody-else' }],
    ['for several clients, of which none is named', { aud: ['telnyx-demo', 'somebody-else'] }],
    ['that was given to another client', { azp: 'somebody-else' }],
    ['without a user', { sub: '' }],
    ['that was late when it was made', { exp: seconds() - 100, iat: seconds() }],
  ])('%s ends the sign-in, and nothing of it is stored', async (_title, claims) => {
    const scene = createScene()
    const tab = await signInWith(scene, claims)
    expect(errorOf(tab)).toEqual({ code: 'response_invalid', phase: 'callback' })
    expect(scene.record()).toBeUndefined()
  })

  test.each(['ES256', 'EdDSA', 'PS512'])('signed with %s, which no metadata list, signs in', async (alg) => {
    const { auth } = await signInWith(createScene(), {}, { alg })
    expect(auth.getSnapshot()).toMatchObject({ status: 'signed-in', token: { claims: { sub: 'ava' } } })
  })

  test.each([{ alg: 'none' }, { alg: 'HS256' }, {}, { alg: 'ES256', crit: ['x'] }])(
    'with the header %j ends the sign-in: no public key verifies it',
    async (header) => {
      const tab = await signInWith(createScene(), {}, header)
      expect(errorOf(tab)).toEqual({ code: 'response_invalid', phase: 'callback' })
    },
  )

  test.each(['x', 'a.b.c', 'e30.e30', 7, {}, ['e30.e30.e30']])(
    'that is none, like %j, ends the sign-in',
    async (token) => {
      const scene = createScene()
      const tab = scene.open()
      await scene.leave(tab)
      scene.server.script(tokenPath, respondWith(token))
      expect(errorOf(await scene.comeBack(tab))).toEqual({ code: 'response_invalid', phase: 'callback' })
    },
  )

  test.each([null, ''])('that is %j is no ID token: the sign-in goes on', async (token) => {
    const scene = createScene()
    const tab = scene.open()
    await scene.leave(tab)
    scene.server.script(tokenPath, respondWith(token))
    expect((await scene.comeBack(tab)).auth.getSnapshot().status).toBe('signed-in')
  })

  test('of one minute signs in where the clock is six minutes ahead', async () => {
    const { auth } = await signInWith(createScene(), { iat: seconds() - 360, exp: seconds() - 300 })
    expect(auth.getSnapshot()).toMatchObject({ token: { claims: { sub: 'ava' } } })
  })

  test('of a refresh that is wrong costs neither the session nor its claims', async () => {
    const scene = createScene()
    const { auth } = await signInWith(scene)
    scene.server.script(tokenPath, answerWith({ iss: 'https://evil.example', sub: 'noor' }))
    await auth.refresh()
    expect(auth.getSnapshot()).toMatchObject({ isStale: false, token: { claims: { sub: 'ava' } } })
    expect(scene.record()).toMatchObject({ refreshToken: 'r' })
  })

  test('need not come again with a refresh: the claims stay', async () => {
    const scene = createScene()
    const { auth } = await signInWith(scene)
    scene.server.script(tokenPath, () => json({ access_token: 'b', token_type: 'Bearer' }))
    await auth.refresh()
    expect(auth.getSnapshot()).toMatchObject({ token: { accessToken: 'b', claims: { sub: 'ava' } } })
  })

  test('of a refresh takes the place of the first', async () => {
    const scene = createScene()
    const { auth } = await signInWith(scene)
    scene.server.script(tokenPath, answerWith({ name: 'Ava' }))
    // The access token is the same: the time of the request tells the two responses apart.
    await scene.clock.advance(1)
    await auth.refresh()
    expect(auth.getSnapshot()).toMatchObject({ token: { claims: { name: 'Ava' } } })
  })

  test('of a refresh that names another user ends the session and revokes its tokens', async () => {
    const revocation_endpoint = 'https://api.telnyx.com/v2/oauth/revoke'
    const scene = createScene({ metadata: { revocation_endpoint } })
    const { auth } = await signInWith(scene)
    scene.server.script(tokenPath, answerWith({ sub: 'noor' }))
    await expect(auth.refresh()).rejects.toMatchObject({ code: 'response_invalid' })
    await settle()
    expect(auth.getSnapshot()).toMatchObject({ status: 'signed-out', error: { code: 'response_invalid' } })
    const revoked = scene.server.requests.filter(({ path }) => path === '/v2/oauth/revoke')
    expect(revoked.map(({ parameters }) => parameters.get('token'))).toEqual(['r'])
  })

  test.each([
    ['of somebody else has the replaced refresh token revoked', 'noor', ['r']],
    ['of the same person leaves the grant alone, which both sign-ins may share', 'ava', []],
  ])('of a second sign-in %s', async (_title, sub, revoked) => {
    const scene = createScene({ metadata: { revocation_endpoint: 'https://api.telnyx.com/v2/oauth/revoke' } })
    await signInWith(scene)
    await signInWith(scene, { sub })
    const seen = scene.server.requests.filter(({ path }) => path === '/v2/oauth/revoke')
    expect(seen.map(({ parameters }) => parameters.get('token'))).toEqual(revoked)
  })
})

describe('a nonce', () => {
  const nonceOf = (url: string) => new URL(url).searchParams.get('nonce')

  test('is sent anew with each sign-in that asks for openid, and with no other', async () => {
    const scene = createScene()
    const tab = scene.open()
    const [first, second] = [
      await scene.leave(tab, { scope: 'openid a' }),
      await scene.leave(tab, { scope: 'openid a' }),
    ].map(nonceOf)
    expect(first).toMatch(/^[\w-]{43}$/)
    expect(second).not.toBe(first)
    expect(nonceOf(await scene.leave(tab, { scope: 'a' }))).toBeNull()
  })

  test.each([
    ['repeats it', (nonce: string | null) => ({ nonce }), 'signed-in'],
    ['has another one', () => ({ nonce: 'x' }), 'signed-out'],
    ['has none', () => ({}), 'signed-out'],
  ])('is compared: an ID token that %s leaves the user %3$s', async (_title, claims, status) => {
    const scene = createScene()
    const tab = scene.open()
    const nonce = nonceOf(await scene.leave(tab, { scope: ['openid'] }))
    scene.server.script(tokenPath, answerWith(claims(nonce)))
    const { auth } = await scene.comeBack(tab)
    expect(auth.getSnapshot().status).toBe(status)
  })

  test.each([
    ['app-nonce', 'signed-in'],
    ['x', 'signed-out'],
  ])(
    'that the app gives is sent and compared: with %s in the ID token the user is %s',
    async (nonce, status) => {
      const scene = createScene()
      const tab = scene.open()
      const url = await scene.leave(tab, { scope: 'openid', parameters: { nonce: 'app-nonce' } })
      expect(nonceOf(url)).toBe('app-nonce')
      scene.server.script(tokenPath, answerWith({ nonce }))
      expect((await scene.comeBack(tab)).auth.getSnapshot().status).toBe(status)
    },
  )
})
