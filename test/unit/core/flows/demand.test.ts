import { describe, expect, test } from 'vitest'
import { isTelnyxAuthError, type TelnyxAuthError } from '../../../../packages/core/src/errors.ts'
import { json } from '../../../support/model-server.ts'
import { createScene, refreshTokensSent } from '../../../support/scene.ts'

const api = 'https://api.telnyx.com/v2/phone_numbers'

const challenged =
  (challenge: string, status = 401) =>
  () =>
    json({ errors: [{ code: '10009' }] }, status, { 'www-authenticate': challenge })

/** How `fetch` ends when the resource answers like that, once; and what was sent for it. */
async function answered(challenge: string, status?: number) {
  const scene = createScene()
  const { auth } = await scene.signIn()
  const before = auth.getSnapshot()
  scene.server.script('/v2/phone_numbers', challenged(challenge, status))
  const outcome: unknown = await auth.fetch(api).catch((reason: unknown) => reason)
  const calls = scene.server.requests.filter(({ path }) => path === '/v2/phone_numbers').length
  return { outcome, calls, refreshes: refreshTokensSent(scene).length, isSame: auth.getSnapshot() === before }
}

async function demanded(challenge: string, status?: number): Promise<TelnyxAuthError> {
  const { outcome, calls, refreshes, isSame } = await answered(challenge, status)
  expect({ calls, refreshes, isSame }).toEqual({ calls: 1, refreshes: 0, isSame: true })
  if (!isTelnyxAuthError(outcome)) throw new TypeError(`no error, but ${String(outcome)}`)
  return outcome
}

describe('a scope that is missing', () => {
  test.each([401, 403])(
    'rejects with insufficient_scope where the resource answers %i, and costs no refresh',
    async (status) => {
      const error = await demanded('Bearer error="insufficient_scope", scope="voice.write"', status)
      expect(error).toMatchObject({
        code: 'insufficient_scope',
        phase: 'fetch',
        retryable: false,
        missing: { scopes: ['voice.write'] },
        server: { status, error: 'insufficient_scope' },
      })
      expect(Object.isFrozen(error.missing) && Object.isFrozen(error.missing?.scopes)).toBe(true)
    },
  )

  test('is named without those that the token has', async () => {
    const error = await demanded(
      'Bearer error="insufficient_scope", scope="billing.read voice.write messaging.read"',
    )
    expect(error.missing).toEqual({ scopes: ['voice.write'] })
  })

  test('is named with all that the resource says, where the token should have them all', async () => {
    const error = await demanded('Bearer error="insufficient_scope", scope="billing.read"')
    expect(error.missing).toEqual({ scopes: ['billing.read'] })
  })

  test('is nothing in particular where the resource does not say', async () => {
    expect((await demanded('Bearer error="insufficient_scope"')).missing).toEqual({})
  })

  test('comes to light after a refresh too', async () => {
    const scene = createScene()
    const { auth } = await scene.signIn()
    scene.server.script(
      '/v2/phone_numbers',
      challenged('Bearer error="invalid_token"'),
      challenged('Bearer error="insufficient_scope", scope="voice.write"', 403),
    )
    await expect(auth.fetch(api)).rejects.toMatchObject({ missing: { scopes: ['voice.write'] } })
    expect(refreshTokensSent(scene)).toHaveLength(1)
  })

  test('of a token for another resource names that resource', async () => {
    const scene = createScene()
    const resource = ['https://api.telnyx.com', 'https://api.telnyx.com/v2/mcp']
    const { auth } = await scene.signIn({ issuer: scene.server.issuer, resource })
    const challenge = 'Bearer error="insufficient_scope", scope="voice.write"'
    scene.server.script('/v2/phone_numbers', challenged(challenge))
    scene.server.script('/v2/mcp', challenged(challenge))
    await expect(auth.fetch(api, {}, { resource: resource[0] ?? '' })).rejects.toMatchObject({
      missing: { scopes: ['voice.write'] },
    })
    await expect(auth.fetch(resource[1] ?? '')).rejects.toMatchObject({
      missing: { scopes: ['voice.write'], resource: resource[1] },
    })
  })
})

describe('a sign-in that is too weak or too old', () => {
  test('rejects with insufficient_user_authentication, and costs no refresh', async () => {
    const error = await demanded(
      'Bearer error="insufficient_user_authentication", error_description="sign in anew", acr_values="gold silver", max_age="60"',
    )
    expect(error).toMatchObject({
      code: 'insufficient_user_authentication',
      phase: 'fetch',
      missing: { acrValues: ['gold', 'silver'], maxAgeSeconds: 60 },
      server: { status: 401, description: 'sign in anew' },
    })
    expect(Object.isFrozen(error.missing?.acrValues)).toBe(true)
  })

  test('may want a scope as well', async () => {
    const error = await demanded(
      'Bearer error=insufficient_user_authentication, max_age=0, scope="voice.write"',
    )
    expect(error.missing).toEqual({ maxAgeSeconds: 0, scopes: ['voice.write'] })
  })

  test.each(['-1', '1.5', '60s', '', '99999999999', 'NaN'])(
    'has no max_age where it says %j',
    async (maxAge) => {
      const challenge = `Bearer error="insufficient_user_authentication", max_age="${maxAge}"`
      expect((await demanded(challenge)).missing).toEqual({})
    },
  )
})

describe('an answer that demands nothing', () => {
  test.each([
    ['no challenge', ''],
    ['another error', 'Bearer error="invalid_request"'],
    ['an error of words', 'Bearer error="invalid_token", error_description="not insufficient_scope"'],
    ['a code that is only part of one', 'Bearer error="insufficient_scopes"'],
    ['a member of every object', 'Bearer error="constructor", x="insufficient_scope"'],
    ['garbage', '"insufficient_scope'],
  ])('(403 with %s) is returned as it is', async (_title, challenge) => {
    const { outcome, calls, refreshes } = await answered(challenge, 403)
    expect({ outcome, calls, refreshes }).toMatchObject({ outcome: { status: 403 }, calls: 1, refreshes: 0 })
  })

  test('(403 with a step-up for which 401 is meant) is returned as it is', async () => {
    const { outcome } = await answered('Bearer error="insufficient_user_authentication"', 403)
    expect(outcome).toMatchObject({ status: 403 })
  })

  test('(401 with words about insufficient_scope) costs one refresh like any other', async () => {
    const challenge = 'Bearer error="invalid_token", error_description="not insufficient_scope"'
    expect(await answered(challenge)).toMatchObject({ outcome: { status: 200 }, refreshes: 1 })
  })
})

test('what a demand echoes of the token is in no field of the error', async () => {
  const error = await demanded(
    'Bearer error="insufficient_scope", scope="access-2 voice.write x-access-2", error_description="access-2 may not"',
  )
  expect(error.missing).toEqual({ scopes: ['voice.write'] })
  expect(error.server?.description).toBe('… may not')
  expect(JSON.stringify(error)).not.toContain('access-2')
})
