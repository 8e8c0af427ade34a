import { describe, expect, test } from 'vitest'
import { json } from '../../../support/model-server.ts'
import { createScene, refreshTokensSent } from '../../../support/scene.ts'

const tokenPath = '/v2/oauth/token'
const minuteMs = 60_000

/** An ID token of this client whose lifetime of a minute was over five minutes ago by the clock of this machine. */
function lateIdToken(): string {
  const iat = Math.floor(Date.now() / 1000) - 360
  const claims = { iss: 'https://api.telnyx.com', aud: 'telnyx-demo', sub: 'ava', iat, exp: iat + 60 }
  const parts = [{ alg: 'RS256' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  )
  return `${parts.join('.')}.c2ln`
}

/** Refreshes with a response that has `odd` members, then once more. */
async function refreshTwice(odd: object, rotation: 'strict' | 'none' = 'strict') {
  const scene = createScene({ rotation })
  const { auth } = await scene.signIn()
  scene.server.script(tokenPath, async (process) => json({ ...(await process().json()), ...odd }))
  await auth.refresh()
  expect(auth.getSnapshot()).toMatchObject({ isStale: false, token: { accessToken: 'access-3' } })
  await scene.clock.advance(minuteMs)
  await auth.refresh()
  return refreshTokensSent(scene)
}

describe('a 200 that carries tokens', () => {
  test.each([
    ...[null, '', -1].map((expires_in) => ({ expires_in })),
    ...[null, '', []].map((scope) => ({ scope })),
    ...[null, ''].map((id_token) => ({ id_token })),
    ...[null, '', 'Bearer '].map((token_type) => ({ token_type })),
  ])('with %j renews the session, and its new refresh token is sent next', async (odd) => {
    expect(await refreshTwice(odd)).toEqual(['refresh-2', 'refresh-3'])
  })

  test('with an ID token that is late by a clock six minutes ahead keeps the new refresh token', async () => {
    expect(await refreshTwice({ id_token: lateIdToken() })).toEqual(['refresh-2', 'refresh-3'])
  })

  test.each([null, ''])('with the refresh token %j leaves the one before in use', async (refresh_token) => {
    expect(await refreshTwice({ refresh_token }, 'none')).toEqual(['refresh-2', 'refresh-2'])
  })
})
