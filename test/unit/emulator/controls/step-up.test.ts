import { afterEach, describe, expect, test, vi } from 'vitest'
import { signInToEmulator } from '../../../support/emulator-sign-in.ts'
import { createNavigator } from '../../../support/navigate.ts'
import { startEmulator } from '../../../support/start-emulator.ts'

const STRONG = 'urn:telnyx:strong'

afterEach(() => {
  vi.useRealTimers()
})

function balance(url: string, token: string): Promise<Response> {
  return fetch(`${url}/v2/balance`, { headers: { authorization: `Bearer ${token}` } })
}

describe('a step-up requirement', () => {
  test('asks for a stronger sign-in, and is met by one', async () => {
    const { issuer, url, requireStepUp } = await startEmulator()
    const weak = await signInToEmulator(issuer)
    const requirement = requireStepUp('balance', { acrValues: [STRONG] })
    const refused = await balance(url, weak.access_token)
    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toMatch(
      /^Bearer .*error="insufficient_user_authentication".*acr_values="urn:telnyx:strong"/,
    )
    const strong = await signInToEmulator(issuer, { params: { acr_values: STRONG } })
    expect((await balance(url, strong.access_token)).status).toBe(200)
    requirement.remove()
    expect((await balance(url, weak.access_token)).status).toBe(200)
  })

  test.each(['billing.read', 'openid billing.read'])(
    'is met by a stronger and by a fresher sign-in though the browser remembers the user: %s',
    async (scope) => {
      vi.useFakeTimers({ toFake: ['Date'] })
      const options = { scope, navigator: createNavigator() }
      const { issuer, url, requireStepUp, requests } = await startEmulator({
        openId: true,
        rememberSignIn: true,
      })
      const signIn = async (params = {}): Promise<number> => {
        const tokens = await signInToEmulator(issuer, { ...options, params })
        return (await balance(url, tokens.access_token)).status
      }
      const pages = (): number => requests({ endpoint: 'sign-in', method: 'GET' }).length
      expect([await signIn(), await signIn(), pages()]).toEqual([200, 200, 1])
      const stronger = requireStepUp('balance', { acrValues: [STRONG] })
      expect([await signIn(), await signIn({ acr_values: `other ${STRONG}` }), pages()]).toEqual([
        401, 401, 2,
      ])
      expect([await signIn({ acr_values: STRONG }), pages()]).toEqual([200, 3])
      expect([await signIn({ acr_values: `other ${STRONG}` }), pages()]).toEqual([200, 3])
      stronger.remove()
      requireStepUp('balance', { maxAgeSeconds: 60 })
      vi.setSystemTime(Date.now() + 61_000)
      expect([await signIn(), await signIn({ max_age: '60' }), pages()]).toEqual([401, 200, 4])
    },
  )

  test('asks for a sign-in that is recent enough', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { issuer, url, requireStepUp } = await startEmulator()
    requireStepUp('balance', { maxAgeSeconds: 60 })
    const { access_token } = await signInToEmulator(issuer)
    expect((await balance(url, access_token)).status).toBe(200)
    vi.setSystemTime(Date.now() + 61_000)
    const refused = await balance(url, access_token)
    expect(refused.headers.get('www-authenticate')).toContain('max_age="60"')
    const again = await signInToEmulator(issuer, { params: { max_age: '60' } })
    expect((await balance(url, again.access_token)).status).toBe(200)
  })
})

describe('a scope that is missing', () => {
  test('is named in the challenge, and a sign-in with it opens the door', async () => {
    const { issuer, url } = await startEmulator()
    const { access_token } = await signInToEmulator(issuer, { scope: 'fax.read' })
    const refused = await balance(url, access_token)
    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toContain('error="insufficient_scope"')
    expect(refused.headers.get('www-authenticate')).toContain('scope="billing.read"')
    const wider = await signInToEmulator(issuer, { scope: 'fax.read billing.read' })
    expect((await balance(url, wider.access_token)).status).toBe(200)
  })
})
