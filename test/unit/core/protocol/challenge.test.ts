import { describe, expect, test } from 'vitest'
import { parseChallenges } from '../../../../packages/core/src/protocol/challenge.ts'
import { demandIn } from '../../../../packages/core/src/protocol/demand.ts'
import { fc } from '../../../support/fast-check.ts'

const read = (header: string | null) =>
  parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)])

const lackOf = (scope: string) => ['bearer', { error: 'insufficient_scope', scope }]

describe('a WWW-Authenticate header', () => {
  test.each<[string, string | null, unknown]>([
    ['is nothing', null, []],
    ['is empty', '', []],
    ['is a scheme alone', 'Bearer', [['bearer', {}]]],
    ['has quoted values', 'Bearer error="insufficient_scope", scope="a b"', [lackOf('a b')]],
    ['has plain values', 'Bearer error=insufficient_scope,scope=a', [lackOf('a')]],
    ['has spaces around equals signs', 'Bearer  error = "insufficient_scope" ,\tscope= "a"', [lackOf('a')]],
    ['is written in capitals', 'BEARER ERROR="insufficient_scope", Scope="a"', [lackOf('a')]],
    ['has quotes and commas in quotes', 'Bearer x="a, \\"b\\" = c\\\\"', [['bearer', { x: 'a, "b" = c\\' }]]],
    ['has empty elements', ', ,Bearer error="insufficient_scope",,scope="a",', [lackOf('a')]],
    ['names something twice', 'Bearer a="1", a="2"', [['bearer', { a: '1' }]]],
    [
      'names members of every object',
      'Bearer constructor="1", toString=2',
      [['bearer', { constructor: '1', tostring: '2' }]],
    ],
    [
      'has several challenges',
      'Negotiate YWJj==, Bearer realm="x", DPoP algs="ES256", error="invalid_token", Basic',
      [
        ['negotiate', {}],
        ['bearer', { realm: 'x' }],
        ['dpop', { algs: 'ES256', error: 'invalid_token' }],
        ['basic', {}],
      ],
    ],
    ['has parameters of no challenge', 'error="insufficient_scope", Bearer a=1', [['bearer', { a: '1' }]]],
    ['has a quote that never ends', 'Bearer a="1", b="2', [['bearer', { a: '1' }]]],
    ['goes on after a quote', 'Bearer a="1" b, c="3"', [['bearer', { c: '3' }]]],
    ['has an empty value', 'Bearer a="", b=1', [['bearer', { a: '', b: '1' }]]],
  ])('that %s is read', (_title, header, challenges) => {
    expect(read(header)).toEqual(challenges)
  })

  test('is read again as it was written', () => {
    const name = fc.stringMatching(/^[a-z][a-z_-]{0,8}$/)
    const challenge = fc.tuple(
      name,
      fc.dictionary(name, fc.string({ unit: 'grapheme-ascii' }), { noNullPrototype: true }),
    )
    const written = ([scheme, parameters]: [string, Record<string, string>]) => {
      const pairs = Object.entries(parameters).map(
        ([key, value]) => `${key}="${value.replace(/["\\]/g, '\\$&')}"`,
      )
      return `${scheme} ${pairs.join(', ')}`
    }
    fc.assert(
      fc.property(fc.array(challenge, { maxLength: 4 }), (challenges) => {
        expect(read(challenges.map(written).join(', '))).toEqual(challenges)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('whatever a resource answers', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'Bearer ',
      'DPoP',
      'error',
      '=',
      '"',
      '\\',
      ',',
      ' ',
      '\t',
      'insufficient_scope',
      'scope="',
      '"',
    ),
    fc.constantFrom(
      'error="insufficient_scope"',
      'error=insufficient_user_authentication',
      ', max_age="',
      'acr_values=',
    ),
    fc.constantFrom('secret-token', 'a b', '=="'),
    fc.string({ unit: 'binary-ascii' }),
  )
  const header = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('').replace(/[^\t -~]/g, ''))
  const token = { accessToken: 'secret-token', expiresAtMs: 0, scopes: ['a'] }

  test('there is no demand or a typed one, whose words are clean', () => {
    fc.assert(
      fc.property(header, fc.constantFrom(401, 403, 400, 200), (challenge, status) => {
        const headers = { 'www-authenticate': challenge }
        const error = demandIn(new Response(null, { status, headers }), { token }, undefined)
        if (!error) return
        expect([401, 403]).toContain(status)
        expect(['insufficient_scope', 'insufficient_user_authentication']).toContain(error.code)
        const { scopes = ['x'], acrValues = ['x'], maxAgeSeconds = 0 } = error.missing ?? {}
        expect(scopes.length * acrValues.length).toBeGreaterThan(0)
        for (const word of [...scopes, ...acrValues]) expect(word).toMatch(/^[^\s"\\]+$/)
        expect(Number.isSafeInteger(maxAgeSeconds) && maxAgeSeconds >= 0).toBe(true)
        expect(JSON.stringify([error, error.message, error.stack])).not.toContain('secret-token')
      }),
      { numRuns: 20_000 },
    )
  })

  // In a time that grew with the square of the length, this would not end before the runner gives up.
  test.each(['a="', 'a="\\', 'Bearer ', 'a=', ',', '"', ' ', '='])(
    'a million characters of %j are read',
    (part) => {
      expect(parseChallenges(part.repeat(1_000_000 / part.length))).toBeInstanceOf(Array)
    },
  )
})
