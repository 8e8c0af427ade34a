import { describe, expect, test } from 'vitest'
import { startEmulator } from '../../../support/start-emulator.ts'

const ORIGIN = 'https://app.example'
const PATHS = [
  '/.well-known/oauth-authorization-server',
  '/v2/oauth/token',
  '/v2/oauth/jwks',
  '/v2/oauth/register',
  '/v2/oauth/introspect',
  '/v2/oauth_clients',
  '/v2/oauth_grants',
  '/v2/balance',
]

function preflight(url: string, origin = ORIGIN): Promise<Response> {
  const headers = {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,dpop',
  }
  return fetch(url, { method: 'OPTIONS', headers })
}

const allowed = (response: Response): string | null => response.headers.get('access-control-allow-origin')

describe('cross-origin pages', () => {
  test('may read every endpoint, errors and headers included', async () => {
    const { url } = await startEmulator()
    for (const path of PATHS) {
      const before = await preflight(`${url}${path}`)
      expect([path, before.status, allowed(before)]).toEqual([path, 204, ORIGIN])
      expect(before.headers.get('access-control-allow-headers')).toBe('authorization,dpop')
      const answer = await fetch(`${url}${path}`, { headers: { origin: ORIGIN } })
      expect([path, allowed(answer)]).toEqual([path, ORIGIN])
      const exposed = answer.headers.get('access-control-expose-headers')?.split(',')
      expect(exposed).toEqual(
        expect.arrayContaining(['WWW-Authenticate', 'Retry-After', 'Retry-After-Ms', 'X-Should-Retry']),
      )
    }
  })

  test('may read nothing when CORS is off', async () => {
    const { url } = await startEmulator({ cors: false })
    for (const path of PATHS) {
      const before = await preflight(`${url}${path}`)
      expect([path, before.ok, allowed(before)]).toEqual([path, false, null])
      expect([path, allowed(await fetch(`${url}${path}`, { headers: { origin: ORIGIN } }))]).toEqual([
        path,
        null,
      ])
    }
  })

  test('may read all but the endpoints that are taken out', async () => {
    const { url } = await startEmulator({ cors: { except: ['token'], exposeHeaders: [] } })
    expect(allowed(await preflight(`${url}/v2/oauth/token`))).toBeNull()
    const jwks = await fetch(`${url}/v2/oauth/jwks`, { headers: { origin: ORIGIN } })
    expect(allowed(jwks)).toBe(ORIGIN)
    expect(jwks.headers.get('access-control-expose-headers') ?? '').toBe('')
  })

  test('may read only from the origins that are named', async () => {
    const { url } = await startEmulator({ cors: { origins: [ORIGIN] } })
    expect(allowed(await preflight(`${url}/v2/oauth/token`))).toBe(ORIGIN)
    expect(allowed(await preflight(`${url}/v2/oauth/token`, 'https://other.example'))).toBeNull()
  })
})
