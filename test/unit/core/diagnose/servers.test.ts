import { describe, expect, test } from 'vitest'
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
import { testCases } from './test-cases.ts'

const issuer = 'https://api.telnyx.com'
const wellKnown = '/.well-known/oauth-authorization-server'
const tokenPath = '/v2/oauth/token'

const isMetadata = (url: string) => url.endsWith(wellKnown)
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
      ['dpop', 'unknown'],
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

test('a diagnosis asks past every cache, and calls back what is not answered', async () => {
  const asked: RequestInit[] = []
  await diagnosed({
    wire: ({ init }) => {
      asked.push(init)
      return new Promise(() => {})
    },
  })
  expect(asked.length).toBeGreaterThan(1)
  for (const { cache, signal } of asked) expect([cache, signal?.aborted]).toEqual(['no-store', true])
})

test('a diagnosis listens to the policy of the page for as long as it goes on', async () => {
  const log: string[] = []
  await diagnosed({
    wire: (_, pass) => {
      log.push('asks')
      return pass()
    },
    facts: {
      onForbidden: () => {
        log.push('listens')
        return () => void log.push('stops')
      },
    },
  })
  expect([log[0], log.at(-1)]).toEqual(['listens', 'stops'])
  expect(log.filter((entry) => entry !== 'asks')).toEqual(['listens', 'stops'])
})
