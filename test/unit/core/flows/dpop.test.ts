import { createHash } from 'node:crypto'
import { createTelnyxApi, getOAuthGrant } from '@telnyx-oauth/api'
import { calculateJwkThumbprint, EmbeddedJWK, type JWTPayload, jwtVerify } from 'jose'
import { describe, expect, test } from 'vitest'
import type { StoragePort } from '../../../../packages/core/src/ports/storage.ts'
import { json, type SeenRequest } from '../../../support/model-server.ts'
import { createScene, errorOf, refreshTokensSent, type Scene } from '../../../support/scene.ts'

const api = 'https://api.telnyx.com/v2/phone_numbers'
const tokenPath = '/v2/oauth/token'

/** A proof that jose finds good: what it says, and the key that it was signed with. */
async function readProof(request: SeenRequest | undefined): Promise<JWTPayload & { thumbprint: string }> {
  const { payload, protectedHeader } = await jwtVerify(request?.proof ?? '', EmbeddedJWK, {
    typ: 'dpop+jwt',
    algorithms: ['ES256'],
    currentDate: new Date(Date.UTC(2026, 10, 1)),
  })
  expect(Object.keys(protectedHeader.jwk ?? {}).sort()).toEqual(['crv', 'kty', 'x', 'y'])
  return { ...payload, thumbprint: await calculateJwkThumbprint(protectedHeader.jwk ?? {}) }
}

const apiCalls = ({ server }: Scene) => server.requests.filter(({ path }) => path === '/v2/phone_numbers')

const proofsOf = (requests: readonly SeenRequest[]) => Promise.all(requests.map(readProof))

/** What a server says that wants `nonce` in the proof: the token endpoint in its body, a resource in the challenge. */
const askForNonce = (nonce: string) => () => json({ error: 'use_dpop_nonce' }, 400, { 'dpop-nonce': nonce })
const challengeForNonce = (nonce: string) => () =>
  json({}, 401, { 'dpop-nonce': nonce, 'www-authenticate': 'DPoP error="use_dpop_nonce"' })

/** A storage that keeps text, as sessionStorage does. */
function textStorage(): StoragePort {
  const texts = new Map<string, string>()
  const read = (key: string): unknown => JSON.parse(texts.get(key) ?? 'null') ?? undefined
  return {
    kind: 'custom',
    read: async (key) => read(key),
    update: async (key, change) => {
      const next = change(read(key))
      if (next === undefined) return false
      texts.set(key, JSON.stringify(next))
      return true
    },
    close: () => {},
  }
}

describe('at a server that announces DPoP', () => {
  test('code and token are bound to a key of this sign-in that nobody can read', async () => {
    const scene = createScene({ dpop: true })
    const tab = scene.open()
    const left = new URL(await scene.leave(tab))
    const { auth } = await scene.comeBack(tab)
    const [exchange] = scene.server.tokenRequests('authorization_code')
    const proof = await readProof(exchange)
    expect(proof).toMatchObject({ htm: 'POST', htu: 'https://api.telnyx.com/v2/oauth/token' })
    expect(proof).not.toHaveProperty('ath')
    expect(left.searchParams.get('dpop_jkt')).toBe(proof.thumbprint)
    expect(auth.getSnapshot()).toMatchObject({ status: 'signed-in', token: { tokenType: 'DPoP' } })
    const { pair } = scene.record().proofKey as { pair: CryptoKeyPair }
    expect(pair.privateKey.extractable).toBe(false)
    await expect(crypto.subtle.exportKey('jwk', pair.privateKey)).rejects.toThrow('not extractable')
  })

  test('fetch proves for each request what it is and which token it carries', async () => {
    const scene = createScene({ dpop: true })
    const { auth } = await scene.signIn()
    await auth.fetch(`${api}?page=2#top`)
    await auth.fetch(new Request(api, { method: 'delete' }))
    const token = await auth.getAccessToken()
    expect(apiCalls(scene).map(({ authorization }) => authorization)).toEqual([
      `DPoP ${token}`,
      `DPoP ${token}`,
    ])
    const [first, second] = await proofsOf(apiCalls(scene))
    const ath = createHash('sha256').update(token).digest('base64url')
    expect(first).toMatchObject({ htm: 'GET', htu: api, ath })
    expect(second).toMatchObject({ htm: 'DELETE', htu: api, ath })
    expect(first?.jti).not.toBe(second?.jti)
  })

  test.each([
    ['patch', 'patch'],
    ['PATCH', 'PATCH'],
    ['delete', 'DELETE'],
  ])('the proof of a request with the method %s names %s, as the browser sends it', async (method, htm) => {
    const scene = createScene({ dpop: true })
    const { auth } = await scene.signIn()
    await auth.fetch(api, { method })
    const [request] = apiCalls(scene)
    expect(request?.method).toBe(htm)
    expect(await readProof(request)).toMatchObject({ htm })
  })

  test('a sign-out revokes the refresh token with a proof of the key it is bound to', async () => {
    const revocation_endpoint = 'https://api.telnyx.com/v2/oauth/revoke'
    const scene = createScene({ dpop: true, metadata: { revocation_endpoint } })
    const { auth } = await scene.signIn()
    const [exchange] = await proofsOf(scene.server.tokenRequests())
    expect(await auth.signOut()).toEqual({ revoked: true })
    const proof = await readProof(scene.server.requests.at(-1))
    expect(proof).toMatchObject({ htm: 'POST', htu: revocation_endpoint, thumbprint: exchange?.thumbprint })
  })

  test('the functions of the REST client go through fetch, and so with a proof', async () => {
    const scene = createScene({ dpop: true })
    const { auth } = await scene.signIn()
    await getOAuthGrant(createTelnyxApi({ fetch: auth.fetch }), 'g1')
    const request = scene.server.requests.at(-1)
    expect(request).toMatchObject({ path: '/v2/oauth_grants/g1', authorization: 'DPoP access-2' })
    expect(await readProof(request)).toMatchObject({ htu: 'https://api.telnyx.com/v2/oauth_grants/g1' })
  })

  test('every tab refreshes with the key of the session, also after a reload', async () => {
    const scene = createScene({ dpop: true })
    const tab = await scene.signIn()
    await scene.open().auth.refresh()
    await scene.reload(tab).auth.refresh()
    const proofs = await proofsOf(scene.server.tokenRequests())
    expect(proofs).toHaveLength(3)
    expect(new Set(proofs.map(({ thumbprint }) => thumbprint)).size).toBe(1)
  })

  test('the next sign-in has a key of its own', async () => {
    const scene = createScene({ dpop: true })
    await scene.signIn()
    await scene.signIn()
    const [first, second] = await proofsOf(scene.server.tokenRequests())
    expect(first?.thumbprint).not.toBe(second?.thumbprint)
  })

  test('a server that gives a bearer token all the same is served as one', async () => {
    const scene = createScene({ metadata: { dpop_signing_alg_values_supported: ['ES256'] } })
    const { auth } = await scene.signIn()
    await auth.fetch(api)
    expect(apiCalls(scene)).toMatchObject([{ authorization: 'Bearer access-2', proof: null }])
    expect(auth.getSnapshot()).not.toHaveProperty('token.tokenType')
  })

  test("with dpop: 'never' nothing is bound and no proof is sent", async () => {
    const scene = createScene({ dpop: true })
    const { auth } = await scene.signIn({ dpop: 'never' })
    await auth.fetch(api)
    expect(scene.server.requests.every(({ proof }) => proof === null)).toBe(true)
    expect(apiCalls(scene)).toMatchObject([{ authorization: 'Bearer access-2' }])
  })

  test('a storage that keeps text gets no key, and the session bearer tokens', async () => {
    const scene = createScene({ dpop: true })
    const storage = textStorage()
    const { auth } = await scene.signIn({}, { storage, transactions: storage })
    expect(auth.getSnapshot()).toMatchObject({ status: 'signed-in' })
    expect(scene.server.requests.every(({ proof }) => proof === null)).toBe(true)
  })
})

describe('a nonce', () => {
  test('is used in one more try, and from then on', async () => {
    const scene = createScene({ dpop: true })
    const tab = scene.open()
    await scene.leave(tab)
    scene.server.script(tokenPath, askForNonce('n1'))
    const { auth } = await scene.comeBack(tab)
    await auth.refresh()
    const proofs = await proofsOf(scene.server.tokenRequests())
    expect(proofs.map(({ nonce }) => nonce)).toEqual([undefined, 'n1', 'n1'])
    expect(refreshTokensSent(scene)).toEqual(['refresh-2'])
  })

  test('of a resource works the same, once per request', async () => {
    const scene = createScene({ dpop: true })
    const { auth } = await scene.signIn()
    scene.server.script('/v2/phone_numbers', challengeForNonce('r1'))
    expect((await auth.fetch(api, { method: 'POST', body: 'a=b' })).status).toBe(200)
    const proofs = await proofsOf(apiCalls(scene))
    expect(proofs.map(({ nonce }) => nonce)).toEqual([undefined, 'r1'])
    expect(apiCalls(scene).map(({ parameters }) => String(parameters))).toEqual(['a=b', 'a=b'])
  })

  test('of the resource is not that of the authorization server, though both share an origin', async () => {
    const scene = createScene({ dpop: true })
    const tab = scene.open()
    await scene.leave(tab)
    scene.server.script(tokenPath, askForNonce('n1'))
    const { auth } = await scene.comeBack(tab)
    scene.server.script('/v2/phone_numbers', challengeForNonce('r1'))
    await auth.fetch(api)
    await auth.refresh()
    await auth.fetch(api)
    const nonces = (requests: readonly SeenRequest[]) =>
      proofsOf(requests).then((proofs) => proofs.map(({ nonce }) => nonce))
    expect(await nonces(scene.server.tokenRequests())).toEqual([undefined, 'n1', 'n1'])
    expect(await nonces(apiCalls(scene))).toEqual([undefined, 'r1', 'r1'])
  })

  test('that is always another one ends in an error after two requests, and ends no session', async () => {
    const scene = createScene({ dpop: true })
    const { auth } = await scene.signIn()
    scene.server.script(tokenPath, ...['n1', 'n2', 'n3', 'n4'].map(askForNonce))
    await expect(auth.refresh()).rejects.toMatchObject({
      code: 'request_rejected',
      server: { error: 'use_dpop_nonce' },
    })
    expect(refreshTokensSent(scene)).toHaveLength(2)
    expect(auth.getSnapshot()).toMatchObject({ status: 'signed-in', isStale: true })
  })

  test('that is always another one ends a sign-in after two requests', async () => {
    const scene = createScene({ dpop: true })
    scene.server.script(tokenPath, ...['n1', 'n2', 'n3', 'n4'].map(askForNonce))
    expect(errorOf(await scene.signIn())).toEqual({ code: 'request_rejected', phase: 'callback' })
    await scene.clock.advance(60_000)
    expect(scene.server.tokenRequests()).toHaveLength(2)
  })

  test('that a resource always changes ends in its answer after two requests, without a refresh', async () => {
    const scene = createScene({ dpop: true })
    const { auth } = await scene.signIn()
    scene.server.script('/v2/phone_numbers', ...['n1', 'n2', 'n3'].map(challengeForNonce))
    expect((await auth.fetch(api)).status).toBe(401)
    expect(apiCalls(scene)).toHaveLength(2)
    expect(refreshTokensSent(scene)).toEqual([])
  })

  test('is no reason to send a stream twice', async () => {
    const scene = createScene({ dpop: true })
    const { auth } = await scene.signIn()
    scene.server.script('/v2/phone_numbers', challengeForNonce('n1'))
    const body = new Blob(['a=b']).stream()
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', body, duplex: 'half' }
    expect((await auth.fetch(api, init)).status).toBe(401)
    expect(apiCalls(scene)).toHaveLength(1)
  })
})

describe("with dpop: 'required'", () => {
  test('nobody leaves for a server that does not announce it', async () => {
    const scene = createScene()
    const { auth, page } = scene.open(undefined, { dpop: 'required' })
    const here = page.href()
    await expect(auth.signIn()).rejects.toMatchObject({ code: 'dpop_unsupported' })
    expect(page.href()).toBe(here)
  })

  test('algorithms that are no list announce nothing', async () => {
    const scene = createScene({ metadata: { dpop_signing_alg_values_supported: 'ES256' } })
    await expect(scene.open(undefined, { dpop: 'required' }).auth.signIn()).rejects.toMatchObject({
      code: 'dpop_unsupported',
    })
    const odd = createScene({ metadata: { dpop_signing_alg_values_supported: 1 } })
    expect((await odd.signIn()).auth.getSnapshot().status).toBe('signed-in')
  })

  test('nobody leaves with a storage that cannot keep a key', async () => {
    const scene = createScene({ dpop: true })
    const storage = textStorage()
    const { auth } = scene.open(undefined, { dpop: 'required' }, { storage, transactions: storage })
    await expect(auth.signIn()).rejects.toMatchObject({ code: 'dpop_unsupported' })
  })

  test('a bearer token is refused', async () => {
    const scene = createScene({ metadata: { dpop_signing_alg_values_supported: ['ES256'] } })
    const tab = await scene.signIn({ dpop: 'required' })
    expect(errorOf(tab)).toEqual({ code: 'response_invalid', phase: 'callback' })
  })

  test('a disk that fails is called by its name', async () => {
    const scene = createScene({ dpop: true })
    const tab = scene.open(undefined, { dpop: 'required' })
    await tab.auth.ready()
    tab.storage.failCommits(true)
    await expect(tab.auth.signIn()).rejects.toMatchObject({ code: 'storage_failed' })
  })
})

test('a token bound to a key that this client does not have is refused', async () => {
  const scene = createScene()
  const tab = scene.open()
  await scene.leave(tab)
  scene.server.script(tokenPath, () => json({ access_token: 'a', token_type: 'DPoP', expires_in: 60 }))
  expect(errorOf(await scene.comeBack(tab))).toEqual({ code: 'response_invalid', phase: 'callback' })
})
