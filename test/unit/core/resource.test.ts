import { describe, expect, test } from 'vitest'
import { createTelnyxAuth } from '../../../packages/core/src/client.ts'
import { isTelnyxAuthError } from '../../../packages/core/src/errors.ts'
import { type DiscoverOptions, discoverFromChallenge } from '../../../packages/core/src/resource.ts'
import { fc } from '../../support/fast-check.ts'
import { json } from '../../support/model-server.ts'

const mcp = 'https://api.telnyx.com/v2/mcp'
const wellKnown = 'https://api.telnyx.com/.well-known/oauth-protected-resource/v2/mcp'
const described = { resource: mcp, authorization_servers: ['https://api.telnyx.com'] }

/** A 401 of `url`, as `fetch` would have given it. */
function refusal(challenge: string | undefined, url = mcp): Response {
  const headers = challenge === undefined ? {} : { 'www-authenticate': challenge }
  return Object.defineProperty(new Response(null, { status: 401, headers }), 'url', { value: url })
}

/** Discovers; `answer` is what whoever is asked says. */
async function discover(response: Response, answer: unknown = described, options: DiscoverOptions = {}) {
  const asked: string[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    asked.push(request.url)
    expect(request.headers.has('authorization')).toBe(false)
    return answer instanceof Response ? answer : json(answer)
  }
  const found: unknown = await discoverFromChallenge(response, { ...options, fetch }).catch((error) => error)
  return { found, asked }
}

describe('a challenge', () => {
  test('leads to the metadata that it names, and they to the server', async () => {
    const at = 'https://api.telnyx.com/about/mcp'
    const challenge = `Bearer error="invalid_token", scope="a b", resource_metadata="${at}"`
    const { found, asked } = await discover(refusal(challenge), {
      ...described,
      scopes_supported: ['a', 'b', 'c'],
    })
    expect(found).toEqual({
      resource: mcp,
      issuer: 'https://api.telnyx.com',
      scope: ['a', 'b'],
      scopesSupported: ['a', 'b', 'c'],
    })
    expect(asked).toEqual([at])
    expect(Object.isFrozen(found)).toBe(true)
  })

  test.each([
    ['without metadata', 'Bearer error="invalid_token"'],
    ['that a page of another origin cannot read', undefined],
    ['of another scheme', 'DPoP algs="ES256"'],
  ])('%s leads to the well-known ones of the resource', async (_title, challenge) => {
    const { found, asked } = await discover(refusal(challenge))
    expect(found).toMatchObject({ resource: mcp, scope: [], scopesSupported: [] })
    expect(asked).toEqual([wellKnown])
  })

  test('after a redirect is a TypeError that says what to pass, and nothing is sent', async () => {
    const response = refusal(undefined, 'https://evil.example/x')
    Object.defineProperty(response, 'redirected', { value: true })
    await expect(discover(response)).resolves.toMatchObject({ found: expect.any(TypeError), asked: [] })
    expect(String((await discover(response)).found)).toContain('needs the option "resource"')
    expect((await discover(response, undefined, { resource: mcp })).found).toBeInstanceOf(TypeError)
  })

  test('may be answered to a request with a query, and below a resource that the app names', async () => {
    expect((await discover(refusal(undefined, `${mcp}?session=1`))).found).toMatchObject({ resource: mcp })
    const root = { resource: 'https://api.telnyx.com', authorization_servers: ['https://api.telnyx.com'] }
    const { found, asked } = await discover(refusal(undefined), root, { resource: 'https://api.telnyx.com' })
    expect(found).toMatchObject({ resource: 'https://api.telnyx.com' })
    expect(asked).toEqual(['https://api.telnyx.com/.well-known/oauth-protected-resource'])
  })

  test('gives options that a client takes as they are', async () => {
    const { found } = await discover(refusal('Bearer scope="a"'))
    const options = { clientId: 'x', redirectUri: '/callback', ...(found as object) }
    expect(createTelnyxAuth(options).getSnapshot()).toEqual({ status: 'pending' })
  })

  test.each([
    'https://evil.example/.well-known/oauth-protected-resource',
    'https://api.telnyx.com.evil.example/x',
    'http://api.telnyx.com/x',
    'https://api.telnyx.com:8443/x',
    '/about/mcp',
    'javascript:alert(1)',
    'nothing',
    '',
  ])('that names metadata at %j is metadata_invalid, and nothing is sent', async (at) => {
    const { found, asked } = await discover(refusal(`Bearer resource_metadata="${at}"`))
    expect(found).toMatchObject({ code: 'metadata_invalid', phase: 'discovery' })
    expect(String(found)).toContain('resource_metadata')
    expect(asked).toEqual([])
  })
})

describe('metadata', () => {
  test.each<[string, unknown, string]>([
    ['of another resource', { ...described, resource: 'https://api.telnyx.com' }, 'metadata_invalid'],
    ['of a path more', { ...described, resource: `${mcp}/` }, 'metadata_invalid'],
    ['of no resource', { authorization_servers: described.authorization_servers }, 'metadata_invalid'],
    ['without a server', { resource: mcp }, 'metadata_invalid'],
    [
      'that name a server on http',
      { ...described, authorization_servers: ['http://api.telnyx.com'] },
      'metadata_invalid',
    ],
    [
      'that name a stranger',
      { ...described, authorization_servers: ['https://evil.example'] },
      'issuer_not_allowed',
    ],
    ['that are HTML', new Response('<html>'), 'metadata_invalid'],
    ['that are gone', new Response(null, { status: 404 }), 'metadata_invalid'],
    [
      'that are elsewhere',
      new Response(null, { status: 302, headers: { location: 'https://evil.example' } }),
      'metadata_invalid',
    ],
    ['that are busy', json({}, 503), 'metadata_unavailable'],
  ])('%s are refused', async (_title, answer, code) => {
    const { found, asked } = await discover(refusal(undefined), answer)
    expect(found).toMatchObject({ code, phase: 'discovery' })
    expect(asked).toHaveLength(1)
  })

  test('may name servers of the resource’s own origin, or those that the app allows, and the first of them is taken', async () => {
    const url = 'https://mcp.example/x'
    const named = ['https://evil.example', 'https://id.example', 'https://mcp.example']
    const answer = { resource: url, authorization_servers: named }
    expect((await discover(refusal(undefined, url), answer)).found).toMatchObject({
      issuer: 'https://mcp.example',
    })
    const issuers = ['https://mcp.example', 'https://id.example']
    expect(
      (await discover(refusal(undefined, url), answer, { allowedIssuers: issuers })).found,
    ).toMatchObject({
      issuer: 'https://id.example',
    })
    expect((await discover(refusal(undefined, url), answer, { allowedIssuers: [] })).found).toMatchObject({
      code: 'issuer_not_allowed',
    })
  })

  test('whose scopes are garbage have none', async () => {
    const { found } = await discover(refusal(undefined), {
      ...described,
      scopes_supported: ['a', 7, 'b c', ''],
    })
    expect(found).toMatchObject({ scopesSupported: ['a'] })
  })
})

describe('wrong options', () => {
  test.each<[string, Response, object, RegExp]>([
    [
      'allowedIssuers that are a text',
      refusal(undefined),
      { allowedIssuers: 'https://api.telnyx.com' },
      /"allowedIssuers" must be an array/,
    ],
    [
      'a resource on http',
      refusal(undefined),
      { resource: 'http://api.telnyx.com' },
      /"resource" must be an absolute/,
    ],
    ['two resources', refusal(undefined), { resource: [mcp] }, /"resource" must be an absolute/],
    [
      'a resource elsewhere',
      refusal(undefined),
      { resource: 'https://evil.example' },
      /"resource" must cover/,
    ],
    ['a resource below', refusal(undefined), { resource: `${mcp}/x` }, /"resource" must cover/],
    ['a response from nowhere', new Response(), {}, /needs the option "resource"/],
  ])('are a TypeError: %s', async (_title, response, options, rule) => {
    const { found, asked } = await discover(response, described, options)
    expect(found).toBeInstanceOf(TypeError)
    expect(String(found)).toMatch(rule)
    expect(asked).toEqual([])
  })
})

test('whatever a resource answers, an issuer is one that was allowed, and errors are typed', async () => {
  const word = fc.constantFrom(
    mcp,
    'https://api.telnyx.com',
    'https://evil.example',
    'x',
    '',
    '"',
    'https://',
  )
  const value = fc.oneof(word, fc.array(word), fc.anything({ maxDepth: 1 }))
  const answer = fc.oneof(
    fc.record({
      resource: fc.oneof(fc.constant(mcp), value),
      authorization_servers: value,
      scopes_supported: value,
    }),
    fc.anything({ maxDepth: 1 }),
  )
  const challenge = fc.array(
    fc.oneof(word, fc.constantFrom('Bearer ', 'resource_metadata="', ', ', 'scope=')),
  )
  await fc.assert(
    fc.asyncProperty(challenge, answer, async (pieces, body) => {
      let text = '{}'
      try {
        text = JSON.stringify(body) ?? '{}'
      } catch {
        // Not everything is JSON.
      }
      const response = refusal(pieces.join(''))
      const { found, asked } = await discover(
        response,
        new Response(text, { headers: { 'content-type': 'application/json' } }),
      )
      for (const url of asked) expect(new URL(url).origin).toBe('https://api.telnyx.com')
      if (isTelnyxAuthError(found)) return
      expect(found).toMatchObject({ resource: mcp, issuer: 'https://api.telnyx.com' })
    }),
    { numRuns: 1000 },
  )
})
