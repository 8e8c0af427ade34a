import { afterEach, describe, expect, test, vi } from 'vitest'
import { signInToEmulator } from '../../../support/emulator-sign-in.ts'
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
