import { describe, expect, test } from 'vitest'
import { memoryStorage } from '../../../../packages/core/src/ports/memory.ts'
import { json } from '../../../support/model-server.ts'
import { answering, type Circumstances, diagnosed, hanging, hiding, losing } from './support/diagnosis.ts'
import { testCases } from './test-cases.ts'

const issuer = 'https://api.telnyx.com'
const wellKnown = '/.well-known/oauth-authorization-server'
const tokenPath = '/v2/oauth/token'
const revokePath = '/v2/oauth/revoke'
const app = 'http://localhost:5173'

const isMetadata = (url: string) => url.endsWith(wellKnown)
const isToken = (url: string) => url.endsWith(tokenPath)
const withRevocation = { metadata: { revocation_endpoint: issuer + revokePath } }
const isRevocation = (url: string) => url.endsWith(revokePath)
const anAnswer = (status: number, body: unknown = {}) => json(body, status)

describe('the token endpoint', () => {
  testCases('token-endpoint', [
    [
      'is ok when it refuses a made-up code, and the page can read that',
      {},
      'ok',
      /\/v2\/oauth\/token\) lets this page read its answers/,
    ],
    [
      'is a problem of CORS when only a blind request gets through',
      { wire: hiding(isToken) },
      'problem',
      /token endpoint \(https:\/\/api\.telnyx\.com\/v2\/oauth\/token\) is there, but sends no CORS headers/,
    ],
    ['is a problem when nobody is there', { wire: losing(isToken) }, 'problem', /cannot be reached/],
    ['is a warning when it hangs', { wire: hanging(isToken) }, 'warning', /did not answer within 5 seconds/],
    [
      'is a warning when it is busy',
      { wire: answering(tokenPath, () => anAnswer(429)) },
      'warning',
      /status 429 now/,
    ],
    [
      'is a problem when it redirects',
      { wire: answering(tokenPath, () => new Response(null, { status: 307, headers: { location: '/t' } })) },
      'problem',
      /answers with a redirect/,
    ],
    [
      'is a problem when it answers with HTML',
      { wire: answering(tokenPath, () => new Response('<h1>', { status: 404 })) },
      'problem',
      /does not answer as one.*status 404/,
    ],
    [
      'is a problem when it takes a code that nobody issued',
      { wire: answering(tokenPath, () => anAnswer(200, { access_token: 'SENTINEL', token_type: 'Bearer' })) },
      'problem',
      /took a code that nobody issued with status 200/,
    ],
  ])

  test('on the page itself is never called hidden: a proxy has no CORS', async () => {
    const metadata = { token_endpoint: `${app}/token` }
    const { one } = await diagnosed({
      options: { metadata },
      wire: hiding((url) => url === metadata.token_endpoint),
    })
    expect(one('token-endpoint').sentence).toMatch(/cannot be reached/)
  })
})

describe('proofs', () => {
  const server = { dpop: true }
  const isTimeless = true
  const ports = { storage: { ...memoryStorage(), kind: 'session-storage' as const } }
  testCases('dpop', [
    ['are ok where the server takes them', { server, isTimeless }, 'ok', /binds tokens to a key/],
    ['are ok to be without where the server knows none', {}, 'ok', /announces no DPoP with ES256/],
    [
      'are a problem where the app requires them and the server knows none',
      { options: { dpop: 'required' } },
      'problem',
      /announces no DPoP with ES256/,
    ],
    [
      'are a warning where the storage keeps no key',
      { server, isTimeless, ports },
      'warning',
      /sessionStorage cannot keep one/,
    ],
    [
      'are a problem where the app requires them and the storage keeps no key',
      { server, isTimeless, ports, options: { dpop: 'required' } },
      'problem',
      /sessionStorage cannot keep one/,
    ],
    ['are unknown without metadata', { wire: losing(isMetadata) }, 'unknown', /without the server metadata/],
  ])
  testCases('token-endpoint', [
    ['are taken by the token endpoint', { server, isTimeless }, 'ok', /lets this page read its answers/],
    [
      'are a problem of preflights when only a request without one gets through',
      {
        server,
        isTimeless,
        wire: hiding((url, init) => isToken(url) && new Headers(init.headers).has('dpop')),
      },
      'problem',
      /but not send it the header DPoP\./,
    ],
  ])

  test('are not looked at where the app wants none, nor sent', async () => {
    const { of, scene } = await diagnosed({ server, options: { dpop: 'never' } })
    expect(of('dpop')).toEqual([])
    expect(scene.server.requests.some(({ proof }) => proof)).toBe(false)
  })
})

describe('pushed requests', () => {
  const endpoint = `${issuer}/v2/oauth/par`
  const isPar = (url: string) => url === endpoint
  const server = { metadata: { pushed_authorization_request_endpoint: endpoint } }
  const required = {
    metadata: { ...server.metadata, require_pushed_authorization_requests: true },
  }
  const refusing = (error: string, status = 400): Circumstances => ({
    server,
    wire: answering('/par', () => anAnswer(status, { error })),
  })
  testCases('par-endpoint', [
    ['are ok where the server takes them', { server }, 'ok', /par\) takes the requests of this app/],
    [
      'are a warning where the page cannot read the answer',
      { server, wire: hiding(isPar) },
      'warning',
      /no CORS/,
    ],
    [
      'are a problem where the server insists and the page cannot read the answer',
      { server: required, wire: hiding(isPar) },
      'problem',
      /no CORS/,
    ],
    ['are a warning where nobody is there', { server, wire: losing(isPar) }, 'warning', /cannot be reached/],
    ['are a warning where the server is busy', refusing('x', 503), 'warning', /status 503 now/],
    [
      'are a warning where the server refuses them',
      refusing('invalid_scope'),
      'warning',
      /refuses the requests of this app: invalid_scope, status 400/,
    ],
    [
      'are ok where the server refuses the redirect URI alone',
      refusing('invalid_redirect_uri'),
      'ok',
      /read/,
    ],
  ])
  testCases('redirect-uri-registration', [
    ['tell that the redirect URI is registered', { server }, 'ok', /callback: it is registered/],
    [
      'tell that it is not',
      refusing('invalid_redirect_uri'),
      'problem',
      /it is not registered for this client/,
    ],
    [
      'tell that it is not, in the words of the server',
      {
        server,
        wire: answering('/par', () =>
          anAnswer(400, { error: 'invalid_request', error_description: 'redirect_uri did not match' }),
        ),
      },
      'problem',
      /it is not registered for this client/,
    ],
    [
      'tell nothing when they are refused for something else',
      refusing('invalid_scope'),
      'unknown',
      /cannot be/,
    ],
    ['tell nothing when the answer cannot be read', { server, wire: hiding(isPar) }, 'unknown', /cannot be/],
  ])

  test('are not looked at where the server takes none', async () => {
    expect((await diagnosed()).of('par-endpoint')).toEqual([])
  })
})

describe('the client', () => {
  const refusing = (error: string): Circumstances => ({
    wire: answering(tokenPath, () => anAnswer(401, { error })),
  })
  testCases('client', [
    ['is ok when the server objects to the code alone', {}, 'ok', /no objection to this client id/],
    [
      'is a problem when the server does not know it',
      refusing('invalid_client'),
      'problem',
      /refuses this client id \(invalid_client\)/,
    ],
    [
      'is a problem when it may not do this',
      refusing('unauthorized_client'),
      'problem',
      /\(unauthorized_client\)/,
    ],
    [
      'is unknown when the server objects to something else',
      refusing('invalid_request'),
      'unknown',
      /cannot be determined from its answer/,
    ],
    [
      'is unknown when the server is busy',
      { wire: answering(tokenPath, () => anAnswer(503)) },
      'unknown',
      /cannot be determined/,
    ],
    [
      'is unknown when the answer cannot be read',
      { wire: hiding(isToken) },
      'unknown',
      /cannot be determined/,
    ],
  ])
})

describe('the revocation endpoint', () => {
  const server = withRevocation
  testCases('revocation-endpoint', [
    ['is ok when it takes a made-up token', { server }, 'ok', /revoke\) works/],
    ['is a warning when there is none', {}, 'warning', /The server offers no revocation/],
    [
      'is unknown when the app revokes in its own way',
      { options: { onRevoke: async () => true } },
      'unknown',
      /cannot be determined without a token/,
    ],
    [
      'is a problem of CORS when only a blind request gets through',
      { server, wire: hiding(isRevocation) },
      'problem',
      /sends no CORS headers/,
    ],
    [
      'is a problem when nobody is there',
      { server, wire: losing(isRevocation) },
      'problem',
      /cannot be reached/,
    ],
    [
      'is a warning when it is busy',
      { server, wire: answering(revokePath, () => anAnswer(500)) },
      'warning',
      /status 500 now/,
    ],
    [
      'is a warning when it wants a secret',
      { server, wire: answering(revokePath, () => anAnswer(401, { error: 'invalid_client' })) },
      'warning',
      /refuses what this client sends: status 401/,
    ],
  ])
})
