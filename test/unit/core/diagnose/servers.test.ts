import { describe, expect, test } from 'vitest'
import type { Finding } from '../../../../packages/core/src/finding.ts'
import { json } from '../../../support/model-server.ts'
import {
  answering,
  type Circumstances,
  diagnosed,
  failToFetch,
  hanging,
  hiding,
  losing,
} from './support/diagnosis.ts'

const issuer = 'https://api.telnyx.com'
const wellKnown = '/.well-known/oauth-authorization-server'
const tokenPath = '/v2/oauth/token'
const revokePath = '/v2/oauth/revoke'
const app = 'http://localhost:5173'

type Case = readonly [title: string, given: Circumstances, result: Finding['result'], sentence: RegExp]

const isMetadata = (url: string) => url.endsWith(wellKnown)
const isToken = (url: string) => url.endsWith(tokenPath)
const withRevocation = { metadata: { revocation_endpoint: issuer + revokePath } }
const isRevocation = (url: string) => url.endsWith(revokePath)
const anAnswer = (status: number, body: unknown = {}) => json(body, status)
const forbidding = (origin: string): Circumstances => ({
  wire: losing(() => true),
  facts: {
    onForbidden: (listener) => {
      listener(`${origin}/x`)
      return () => {}
    },
  },
})

function testCases(check: Finding['check'], cases: readonly Case[]): void {
  test.each(cases)('%s', async (_title, given, result, sentence) => {
    const finding = (await diagnosed(given)).one(check)
    expect(finding).toMatchObject({ result, sentence: expect.stringMatching(sentence) })
    if (result === 'problem') expect(finding.remedy).toMatch(/^[A-Z].*\.$/)
  })
}

describe('the metadata', () => {
  testCases('metadata', [
    [
      'is ok when it is that of the issuer',
      {},
      'ok',
      /^The metadata of https:\/\/api\.telnyx\.com can be read/,
    ],
    [
      'is a problem of CORS when only a blind request gets through',
      { wire: hiding(isMetadata) },
      'problem',
      /metadata \(https:\/\/api\.telnyx\.com\/\.well-known\/oauth-authorization-server\) is there, but sends no CORS headers that let http:\/\/localhost:5173 read/,
    ],
    ['is a problem when nobody is there', { wire: losing(isMetadata) }, 'problem', /cannot be reached\.$/],
    [
      'is a problem of the page when its policy forbids the request',
      forbidding(issuer),
      'problem',
      /Content Security Policy of this page forbids requests to The server metadata/,
    ],
    [
      'is unknown when the device is offline',
      { wire: losing(() => true), facts: { isOnline: () => false } },
      'unknown',
      /was not asked: this device is offline/,
    ],
    [
      'is a warning when nobody answers in time',
      { wire: hanging(isMetadata) },
      'warning',
      /did not answer within 5 seconds/,
    ],
    [
      'is a warning when the server is busy',
      { wire: answering(wellKnown, () => anAnswer(503)) },
      'warning',
      /cannot be read now: status 503/,
    ],
    [
      'is a problem when another issuer is named',
      { server: { metadata: { issuer: 'https://evil.example' } } },
      'problem',
      /is not that of the issuer https:\/\/api\.telnyx\.com/,
    ],
    [
      'is a problem when it is HTML',
      { wire: answering(wellKnown, () => new Response('<h1>')) },
      'problem',
      /is not that of the issuer/,
    ],
    [
      'is ok when the app names the endpoints itself: nobody is asked',
      {
        options: { metadata: { authorization_endpoint: `${issuer}/a`, token_endpoint: issuer + tokenPath } },
        wire: losing(isMetadata),
      },
      'ok',
      /come from the metadata option/,
    ],
  ])

  test('is looked for where the resource says', async () => {
    const resource = 'https://mcp.example'
    const { one } = await diagnosed({
      options: { resource },
      wire: answering('/.well-known/oauth-protected-resource', () =>
        json({ resource, authorization_servers: [issuer] }),
      ),
    })
    expect(one('metadata')).toMatchObject({ result: 'ok' })
    const unread = await diagnosed({ options: { resource }, wire: losing((url) => url.startsWith(resource)) })
    expect(unread.one('metadata')).toMatchObject({
      result: 'problem',
      sentence: expect.stringContaining(`${resource}/.well-known/oauth-protected-resource`),
    })
  })

  test('that cannot be read leaves unknown what rests on it', async () => {
    const { findings } = await diagnosed({ wire: losing(isMetadata) })
    const unknown = findings.filter(({ sentence }) => sentence.includes('without the server metadata'))
    expect(unknown.map(({ check, result }) => [check, result])).toEqual([
      ['endpoints', 'unknown'],
      ['pkce', 'unknown'],
      ['token-endpoint', 'unknown'],
      ['client', 'unknown'],
      ['revocation-endpoint', 'unknown'],
    ])
  })
})

describe('the endpoints', () => {
  testCases('endpoints', [
    ['are ok over https', {}, 'ok', /^The endpoints are all there/],
    [
      'are a problem over plain http',
      { server: { metadata: { token_endpoint: 'http://api.telnyx.com/t' } } },
      'problem',
      /^token_endpoint is missing in the metadata, or is no https URL/,
    ],
    [
      'are a problem when one is missing',
      { server: { metadata: { authorization_endpoint: undefined } } },
      'problem',
      /^authorization_endpoint is missing/,
    ],
  ])
})

describe('PKCE', () => {
  testCases('pkce', [
    ['is ok when S256 is announced', {}, 'ok', /S256/],
    [
      'is a problem when only plain is',
      { server: { metadata: { code_challenge_methods_supported: ['plain'] } } },
      'problem',
      /so no sign-in is begun/,
    ],
    [
      'is a problem when nothing is',
      { server: { metadata: { code_challenge_methods_supported: undefined } } },
      'problem',
      /does not announce PKCE/,
    ],
    [
      'is ok when the app says so in the metadata option',
      {
        server: { metadata: { code_challenge_methods_supported: undefined } },
        options: { metadata: { code_challenge_methods_supported: ['S256'] } },
      },
      'ok',
      /S256/,
    ],
  ])
})

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

describe('the clock', () => {
  const dated = (date: Date, headers = {}) =>
    answering(tokenPath, () =>
      json({ error: 'invalid_grant' }, 400, { date: date.toUTCString(), ...headers }),
    )
  const at = (ms: number) => new Date(Date.UTC(2026, 10, 1) + ms)
  const hourMs = 3_600_000
  const own = ({ ahead, intercepted = false }: { ahead: number; intercepted?: boolean }): Circumstances => ({
    facts: { isIntercepted: () => intercepted },
    wire: ({ url, init }, pass) =>
      url === `${app}/` && init.method === 'HEAD'
        ? Promise.resolve(new Response(null, { headers: { date: at(-ahead).toUTCString() } }))
        : pass(),
  })
  testCases('clock', [
    ['is ok when it agrees with the Date of a server', { wire: dated(at(-30_000)) }, 'ok', /is right/],
    [
      'is a warning when it is an hour ahead',
      { wire: dated(at(-hourMs)) },
      'warning',
      /60 min ahead of that of a server/,
    ],
    [
      'is a warning when it is an hour behind',
      { wire: dated(at(hourMs)) },
      'warning',
      /60 min behind that of a server/,
    ],
    [
      'is ok when an old Date is that of a copy',
      { wire: dated(at(-hourMs), { age: '3600' }) },
      'ok',
      /is right/,
    ],
    [
      'is held against the server of the page where no other lets it read its Date',
      own({ ahead: hourMs }),
      'warning',
      /60 min ahead/,
    ],
    [
      'is unknown where a service worker answers for that server',
      own({ ahead: hourMs, intercepted: true }),
      'unknown',
      /cannot be determined/,
    ],
    ['is unknown when no server tells the time', {}, 'unknown', /no server lets this page read its Date/],
    [
      'is unknown when a Date is garbage',
      { wire: answering(tokenPath, () => json({}, 400, { date: 'today' })) },
      'unknown',
      /cannot be determined/,
    ],
  ])
})

test('a diagnosis without any server at all is there after the time-outs, and says so', async () => {
  const { findings, scene } = await diagnosed({ wire: () => new Promise(() => {}) })
  expect(findings.filter(({ result }) => result === 'ok').map(({ check }) => check)).toEqual([
    'secure-context',
    'redirect-uri',
    'storage',
    'persistence',
    'locks',
    'channel',
  ])
  expect(scene.clock.timers()).toEqual([])
})

test('a diagnosis whose every request fails never rejects', async () => {
  const { findings } = await diagnosed({ wire: failToFetch })
  expect(findings.filter(({ result }) => result === 'problem').map(({ check }) => check)).toEqual([
    'metadata',
    'resource',
  ])
})
