import { createHash } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { createDpopProofs } from '../../../../packages/emulator/src/tokens/dpop-proof.ts'

const NOW_MS = 1_700_000_000_000
const URL_ASKED = 'http://localhost:4010/v2/balance'
const TOKEN = 'an access token'
const ath = createHash('sha256').update(TOKEN).digest('base64url')

interface Changes {
  readonly claims?: Record<string, unknown>
  readonly header?: Record<string, unknown>
}

const { privateKey, publicKey } = await generateKeyPair('ES256')
const jwk = await exportJWK(publicKey)
const expected = {
  method: 'GET',
  url: URL_ASKED,
  accessToken: TOKEN,
  keyThumbprint: await calculateJwkThumbprint(jwk),
}

function proof({ claims, header }: Changes = {}): Promise<string> {
  return new SignJWT({
    htm: 'GET',
    htu: URL_ASKED,
    ath,
    jti: crypto.randomUUID(),
    iat: NOW_MS / 1000,
    ...claims,
  })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk, ...header })
    .sign(privateKey)
}

async function check(changes: Changes, requireNonce = false): Promise<string | undefined> {
  return createDpopProofs(requireNonce, () => NOW_MS).check({ ...expected, proof: await proof(changes) })
}

describe('a DPoP proof', () => {
  test('that is right is accepted, with a query in the URL too', async () => {
    expect(await check({})).toBeUndefined()
    expect(await check({ claims: { htu: `${URL_ASKED}?page=1` } })).toBeUndefined()
  })

  test.each<[string, Changes]>([
    ['another method', { claims: { htm: 'POST' } }],
    ['another URL', { claims: { htu: 'http://localhost:4010/v2/other' } }],
    ['a URL that is none', { claims: { htu: 'balance' } }],
    ['another access token', { claims: { ath: createHash('sha256').update('other').digest('base64url') } }],
    ['no access token', { claims: { ath: undefined } }],
    ['no id', { claims: { jti: undefined } }],
    ['a time long ago', { claims: { iat: NOW_MS / 1000 - 301 } }],
    ['a time to come', { claims: { iat: NOW_MS / 1000 + 301 } }],
    ['another type', { header: { typ: 'JWT' } }],
  ])('for %s is refused', async (_what, changes) => {
    expect(await check(changes)).toBe('invalid_dpop_proof')
  })

  test('is good once', async () => {
    const proofs = createDpopProofs(false, () => NOW_MS)
    const used = { ...expected, proof: await proof() }
    expect([await proofs.check(used), await proofs.check(used)]).toEqual([undefined, 'invalid_dpop_proof'])
  })

  test('needs the nonce where there is one', async () => {
    const proofs = createDpopProofs(true, () => NOW_MS)
    expect(await proofs.check({ ...expected, proof: await proof() })).toBe('use_dpop_nonce')
    expect(await proofs.check({ ...expected, proof: await proof({ claims: { nonce: 'other' } }) })).toBe(
      'use_dpop_nonce',
    )
    expect(
      await proofs.check({ ...expected, proof: await proof({ claims: { nonce: proofs.nonce } }) }),
    ).toBeUndefined()
  })

  test('that is no JWT is refused', async () => {
    const proofs = createDpopProofs(false, () => NOW_MS)
    expect(await proofs.check({ ...expected, proof: '' })).toBe('invalid_dpop_proof')
  })
})
