import { expect, type MockInstance, vi } from 'vitest'
import type { ProofKey } from '../../../packages/core/src/model/proof-key.ts'
import type { createProver, newProofKey } from '../../../packages/core/src/protocol/dpop.ts'
import { json } from '../../support/model-server.ts'
import { replacing } from '../../support/mutation.ts'
import { createScene } from '../../support/scene.ts'
import type { Statement } from '../statement.ts'
import { sha256 } from '../support/sha256.ts'

const bytesOf = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))

const parse = (part: string): Record<string, unknown> => JSON.parse(new TextDecoder().decode(bytesOf(part)))

/** The claims of a DPoP proof, whose form and signature are right (RFC 9449 section 4.3). Needs nothing but WebCrypto. */
async function readProof(proof: string | null | undefined): Promise<Record<string, unknown>> {
  const [header = '', payload = '', signature = ''] = (proof ?? '').split('.')
  const { typ, alg, jwk } = parse(header)
  expect([typ, alg]).toEqual(['dpop+jwt', 'ES256'])
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('jwk', jwk as JsonWebKey, algorithm, false, ['verify'])
  const signed = new TextEncoder().encode(`${header}.${payload}`)
  expect(await crypto.subtle.verify(algorithm, key, bytesOf(signature), signed)).toBe(true)
  return parse(payload)
}

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

/** What core's database holds, by key. */
async function databaseRecords(): Promise<Map<string, unknown>> {
  const database = await settled(indexedDB.open('telnyx-oauth-2'))
  const records = database.transaction('records').objectStore('records')
  const [keys, values] = await Promise.all([settled(records.getAllKeys()), settled(records.getAll())])
  database.close()
  return new Map(keys.map((key, n) => [String(key), values[n]]))
}

const api = 'https://api.telnyx.com/v2/phone_numbers'
const tokenPath = '/v2/oauth/token'

const askForNonce = (nonce: string) => () => json({ error: 'use_dpop_nonce' }, 400, { 'dpop-nonce': nonce })

/** What is said of tokens that are bound to a key. */
export const dpopStatements: readonly Statement[] = [
  {
    id: 'B10',
    title: 'The key that tokens are bound to cannot be read, by nobody, and is kept in IndexedDB as it is',
    source: 'RFC 10017 section 6.3.4.2.2',
    check: async (core) => {
      const scene = createScene({ dpop: true }, core)
      const name = crypto.randomUUID()
      // Node has no IndexedDB: memory clones what is stored, as IndexedDB does.
      const isInBrowser = typeof indexedDB === 'object'
      const storage = core.indexedDbStorage(() => {})
      const { auth } = await scene.signIn({ sessionName: name }, isInBrowser ? { storage } : {})
      expect(auth.getSnapshot()).toMatchObject({ status: 'signed-in', token: { tokenType: 'DPoP' } })
      const records = isInBrowser ? await databaseRecords() : scene.records
      const sessions = [...records].filter(([key]) => key.endsWith(`"${name}"]`))
      auth.dispose()
      const keys = sessions.map(([, stored]) => (stored as { readonly proofKey: ProofKey }).proofKey.pair)
      expect(keys.map(({ privateKey }) => [privateKey.type, privateKey.extractable])).toEqual([
        ['private', false],
      ])
      for (const { privateKey } of keys) {
        await expect(crypto.subtle.exportKey('jwk', privateKey)).rejects.toThrow()
      }
    },
    mutation: replacing<typeof newProofKey>('newProofKey', (original) => () => {
      const { subtle } = crypto
      const generateKey = subtle.generateKey.bind(subtle)
      const spy = vi.spyOn(subtle, 'generateKey') as MockInstance<typeof generateKey>
      spy.mockImplementation((algorithm, _extractable, usages) => generateKey(algorithm, true, usages))
      return original().finally(() => spy.mockRestore())
    }),
  },
  {
    id: 'N3',
    title:
      'A proof is for its method, URL and token; a nonce is answered once, and kept for the next request',
    source: 'RFC 9449 sections 4.2, 7 and 8',
    check: async (core) => {
      const scene = createScene({ dpop: true }, core)
      const { auth } = await scene.signIn()
      const token = await auth.getAccessToken()
      await auth.fetch(`${api}?page=2#top`, { method: 'post', body: 'a=b' })
      const proofs = await Promise.all(
        scene.server.requests.filter(({ proof }) => proof).map(({ proof }) => readProof(proof)),
      )
      expect(proofs).toHaveLength(2)
      expect(proofs[0]).toMatchObject({ htm: 'POST', htu: `${scene.server.issuer}${tokenPath}` })
      expect(proofs[0]).not.toHaveProperty('ath')
      expect(proofs[1]).toMatchObject({ htm: 'POST', htu: api, ath: await sha256(token) })
      expect(proofs[0]?.jti).not.toBe(proofs[1]?.jti)
      scene.server.script(tokenPath, askForNonce('n1'))
      await auth.refresh()
      await auth.refresh()
      const nonces = scene.server.tokenRequests('refresh_token').map(({ proof }) => readProof(proof))
      expect((await Promise.all(nonces)).map(({ nonce }) => nonce)).toEqual([undefined, 'n1', 'n1'])
      scene.server.script(tokenPath, askForNonce('n2'), askForNonce('n3'), askForNonce('n4'))
      await expect(auth.refresh()).rejects.toMatchObject({ code: 'request_rejected' })
      expect(scene.server.tokenRequests('refresh_token')).toHaveLength(5)
    },
    mutation: replacing<typeof createProver>('createProver', (original) => (...given) => {
      const prover = original(...given)
      const send: typeof prover.send = (fetch, input, ...rest) =>
        prover.send((_, init) => fetch(input, init), `${new URL(String(input)).origin}/`, ...rest)
      return { ...prover, send }
    }),
  },
]
