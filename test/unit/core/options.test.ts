import { describe, expect, test } from 'vitest'
import { createTelnyxAuth } from '../../../packages/core/src/client.ts'
import { resolveOptions, type TelnyxAuthOptions } from '../../../packages/core/src/options.ts'
import { memoryStorage } from '../../../packages/core/src/ports/memory.ts'

const right: TelnyxAuthOptions = { clientId: 'telnyx-demo', redirectUri: '/callback' }

/** Never to be seen in an error: it could be a secret that was put into the wrong option. */
const secret = 'pa55word'
const noDuration = [0, -1, Number.NaN, secret, null, {}]
const noFunction = [secret, {}, null, 1]
const noSecureUrl = [
  secret,
  `http://${secret}.example`,
  `https://${secret}@api.telnyx.com`,
  `https://:${secret}@api.telnyx.com`,
  `https://api.telnyx.com/#${secret}`,
  'https://api.telnyx.com/#',
  'javascript:alert(1)',
  '',
  1,
  null,
  [secret],
]

/** Per option: what its rule begins with, and values that break it. */
const wrong: Readonly<Record<keyof TelnyxAuthOptions, readonly [rule: string, values: readonly unknown[]]>> =
  {
    clientId: ['a non-empty string', ['', 1, null, {}, [secret]]],
    redirectUri: [
      'a path that starts with one slash, a scheme with a dot, or an absolute https URL',
      [
        ...noSecureUrl,
        `callback/${secret}`,
        `//${secret}.example`,
        `/\\${secret}.example`,
        `/callback#${secret}`,
        `/\t/${secret}.example`,
        `com.example.app:callback`,
        `com.example.app:/callback#${secret}`,
        `1com.example.app:/${secret}`,
        `com_example.app:/${secret}`,
        `myapp:/${secret}`,
      ],
    ],
    scope: ['a string, or an array of strings without spaces', [1, null, {}, [''], [`a ${secret}`], [1]]],
    authorizationParameters: ['an object', [secret, null, [secret]]],
    issuer: [
      'an absolute https URL',
      [...noSecureUrl, `https://api.telnyx.com?${secret}`, 'https://api.telnyx.com?'],
    ],
    allowedIssuers: [
      'an array, each an absolute https URL',
      [secret, null, {}, ...noSecureUrl.map((url) => [url]), [`https://api.telnyx.com?${secret}`]],
    ],
    resource: [
      'an absolute https URL',
      [...noSecureUrl, ...noSecureUrl.map((url) => ['https://api.example', url])],
    ],
    metadata: ['an object', [secret, 1, null, [secret]]],
    allowedUrls: [
      'an array, each an absolute https URL',
      [secret, null, {}, ...noSecureUrl.map((url) => [url])],
    ],
    storage: [
      "'indexeddb', 'session-storage', 'memory' or a storage port",
      [secret, null, 1, {}, { read: () => secret }],
    ],
    sessionName: ['a string', [1, null, {}]],
    homePath: [
      'a path that starts with one slash',
      ['app', '', '//evil.example', '/\\evil.example', 'https://a.example/', 'com.example.app:/', 1, null],
    ],
    navigate: ['a function', noFunction],
    onRevoke: ['a function', noFunction],
    dpop: ["'auto', 'required' or 'never'", [secret, true, null, '']],
    fetch: ['a function', noFunction],
    requestTimeoutMs: ['a positive number of milliseconds', [...noDuration, Infinity, 2 ** 31]],
    refreshAheadMs: ['a positive number of milliseconds', noDuration],
    metadataLifetimeMs: ['a positive number of milliseconds', noDuration],
    idleTimeoutMs: ['a positive number of milliseconds', noDuration],
    maxSessionMs: ['a positive number of milliseconds', noDuration],
  }

const cases = Object.entries(wrong).flatMap(([name, [rule, values]]) =>
  values.map((value) => ({ name, rule, value, shown: JSON.stringify(value) ?? String(value) })),
)

function messageFor(options: unknown): string {
  try {
    createTelnyxAuth(options as TelnyxAuthOptions)
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError)
    return (error as TypeError).message
  }
  return ''
}

describe('a wrong option', () => {
  test.each(cases)(
    '$name: $shown is a TypeError that says rule and type, and not the value',
    ({ name, rule, value }) => {
      const message = messageFor({ ...right, [name]: value })
      expect(message.startsWith(`createTelnyxAuth: "${name}" must be ${rule}`)).toBe(true)
      expect(message.endsWith(`; got ${value === null ? 'null' : typeof value}`)).toBe(true)
      expect(message).not.toContain(secret)
    },
  )

  test.each([undefined, null, {}, { redirectUri: '/callback' }, 'text'])(
    'is the first thing said of %j: clientId is missing',
    (options) => {
      expect(messageFor(options)).toBe(
        'createTelnyxAuth: "clientId" must be a non-empty string; got undefined',
      )
    },
  )

  test('is a redirectUri that is missing', () => {
    expect(messageFor({ clientId: 'a' })).toContain('"redirectUri" must be')
  })
})

describe('right options', () => {
  test.each<Partial<TelnyxAuthOptions>>([
    { redirectUri: '/' },
    { redirectUri: '/auth/callback?tenant=7' },
    { redirectUri: 'https://app.example/callback' },
    { redirectUri: 'http://localhost:5173/callback' },
    { redirectUri: 'http://127.0.0.1/callback' },
    { redirectUri: 'com.example.app:/callback' },
    { homePath: '/' },
    { homePath: '/app/?tab=1' },
    { redirectUri: 'com.example.my-app://callback' },
    { scope: 'a b' },
    { scope: ['a', 'b'] },
    { scope: [] },
    { issuer: 'https://id.example/tenant' },
    { issuer: 'http://localhost:4010' },
    { resource: 'https://api.example/v2' },
    { resource: ['https://api.example/v2', 'https://api.example/mcp'] },
    { allowedUrls: [] },
    { allowedIssuers: [] },
    { allowedIssuers: ['https://id.example/tenant', 'http://localhost:4010'] },
    { allowedUrls: ['https://api.example', 'http://localhost:4010/v2'] },
    { storage: 'session-storage' },
    { storage: memoryStorage() },
    { idleTimeoutMs: Infinity, maxSessionMs: 0.5 },
    { metadataLifetimeMs: 1, requestTimeoutMs: 2 ** 31 - 1 },
  ])('%j are taken', (options) => {
    expect(() => createTelnyxAuth({ ...right, ...options })).not.toThrow()
  })

  test('that are undefined are as good as not given', () => {
    const nothing = Object.fromEntries(Object.keys(wrong).map((name) => [name, undefined]))
    expect(resolveOptions({ ...nothing, ...right })).toEqual(resolveOptions(right))
  })

  test('get their defaults: the Telnyx API, IndexedDB, ten seconds, a minute, an hour', () => {
    expect(resolveOptions(right)).toMatchObject({
      issuer: 'https://api.telnyx.com',
      allowedUrls: [new URL('https://api.telnyx.com')],
      storage: 'indexeddb',
      scopes: [],
      sessionName: '',
      requestTimeoutMs: 10_000,
      refreshAheadMs: 60_000,
      metadataLifetimeMs: 3_600_000,
      idleTimeoutMs: Infinity,
      maxSessionMs: Infinity,
    })
  })

  test('with a resource have no issuer until it is found, and allow that resource alone', () => {
    const resource = 'https://api.example/v2'
    expect(resolveOptions({ ...right, resource })).toMatchObject({
      issuer: undefined,
      resource,
      allowedUrls: [new URL(resource)],
    })
  })

  test.each(['http://localhost:4010', 'https://id.example/realms/one'])(
    'with the issuer %s allow its URLs, and not the Telnyx API',
    (issuer) => {
      expect(resolveOptions({ ...right, issuer }).allowedUrls).toEqual([new URL(issuer)])
    },
  )

  test('with several resources allow them all, and the first is that of the session', () => {
    const resource = ['https://api.example/v2', 'https://mcp.example']
    expect(resolveOptions({ ...right, resource })).toMatchObject({
      issuer: undefined,
      resource: 'https://api.example/v2',
      allowedUrls: resource.map((url) => new URL(url)),
    })
  })
})
