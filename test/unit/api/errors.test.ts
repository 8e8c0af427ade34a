import { TelnyxApiError, TelnyxConnectionError, TelnyxTimeoutError } from '@telnyx-oauth/api'
import { describe, expect, it } from 'vitest'
import { apiError } from '../../../packages/api/src/errors.ts'
import { fc } from '../../support/fast-check.ts'

const NOW = Date.parse('2026-11-22T12:00:00Z')

const V2_BODY = {
  errors: [
    {
      code: '10027',
      title: 'Unprocessable entity',
      detail: 'The scope is not one of the product scopes',
      source: { pointer: '/allowed_scopes/0' },
    },
    { code: '10015', title: 'Another' },
  ],
}

function errorOf(status: number, body?: unknown, headers: Record<string, string> = {}): TelnyxApiError {
  return apiError(new Response(null, { status, headers }), body, NOW, String)
}

describe('a TelnyxApiError', () => {
  it('takes its facts from the OAuth shape', () => {
    expect(errorOf(400, { error: 'invalid_grant', error_description: 'The code was used' })).toMatchObject({
      name: 'TelnyxApiError',
      status: 400,
      code: 'invalid_grant',
      title: undefined,
      detail: 'The code was used',
      pointer: undefined,
      isRetryable: false,
    })
  })

  it('takes its facts from the first error of the v2 shape', () => {
    expect(errorOf(422, V2_BODY)).toMatchObject({
      status: 422,
      code: '10027',
      title: 'Unprocessable entity',
      detail: 'The scope is not one of the product scopes',
      pointer: '/allowed_scopes/0',
    })
  })

  it('names the parameter where the v2 shape has no pointer', () => {
    const body = { errors: [{ code: '10004', source: { parameter: 'page[size]' } }] }
    expect(errorOf(400, body).pointer).toBe('page[size]')
  })

  it('names the first invalid field of a refused registration', () => {
    const body = { error: 'invalid_client_metadata', invalid_fields: { redirect_uris: ['must be absolute'] } }
    expect(errorOf(400, body)).toMatchObject({ code: 'invalid_client_metadata', pointer: 'redirect_uris' })
  })

  it.each([
    ['HTML', undefined],
    ['an empty body', undefined],
    ['JSON that is no object', 'a string'],
    ['null', null],
    ['an empty list of errors', { errors: [] }],
  ])('has its status and nothing else from %s', (_title, body) => {
    expect(errorOf(502, body)).toMatchObject({
      status: 502,
      code: undefined,
      title: undefined,
      detail: undefined,
      pointer: undefined,
      isRetryable: true,
      message: 'Telnyx answered 502',
    })
  })

  it('keeps every error of the v2 shape as it came, with meta.url and meta.retryable', () => {
    const meta = { url: 'https://developers.telnyx.com/docs/overview/errors/10027', retryable: false }
    const errors = [
      { code: '10027', detail: 'one', meta },
      { code: '10015', from_the_future: [1] },
    ]
    expect(errorOf(422, { errors }).errors).toEqual(errors)
  })

  it('keeps every invalid field of a refused registration', () => {
    const invalid_fields = { redirect_uris: ['must be absolute', 'must be https'], scope: ['is unknown'] }
    const body = { error: 'invalid_client_metadata', error_description: 'Two fields', invalid_fields }
    expect(errorOf(400, body)).toMatchObject({
      detail: 'Two fields',
      errors: [
        { detail: 'must be absolute,must be https', source: { parameter: 'redirect_uris' } },
        { detail: 'is unknown', source: { parameter: 'scope' } },
      ],
    })
  })

  it.each([
    ['of the OAuth shape', { error: 'invalid_grant' }],
    ['of a list that is none', { errors: 'many' }],
    ['of entries that are no objects', { errors: [null, 7, 'x'] }],
    ['without a body', undefined],
  ])('has an empty list of errors %s', (_title, body) => {
    expect(errorOf(400, body).errors).toEqual([])
  })

  it('has the request id of the answer', () => {
    expect(errorOf(500, undefined, { 'x-request-id': 'req-1' }).requestId).toBe('req-1')
    expect(errorOf(500).requestId).toBeUndefined()
  })

  it('says how long to wait, whatever header says it', () => {
    const waits = [
      { 'retry-after': '12' },
      { 'retry-after-ms': '12000' },
      { 'x-ratelimit-limit': '5', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '12' },
      { 'ratelimit-limit': '5, 5;w=60', 'ratelimit-remaining': '0', 'ratelimit-reset': '12' },
    ].map((headers) => errorOf(429, undefined, headers).retryAfterMs)
    expect(waits).toEqual([12_000, 12_000, 12_000, 12_000])
  })

  it('keeps the wait that the server asks for, however long', () => {
    expect(errorOf(429, undefined, { 'retry-after': '3600' }).retryAfterMs).toBe(3_600_000)
  })

  it('believes Retry-After before the reset of a rate limit', () => {
    expect(errorOf(429, undefined, { 'retry-after': '3', 'x-ratelimit-reset': '12' }).retryAfterMs).toBe(
      3_000,
    )
  })

  it('takes the reset of a rate limit for a wait only where the limit was hit', () => {
    expect(errorOf(404, undefined, { 'x-ratelimit-reset': '12' }).retryAfterMs).toBeUndefined()
    expect(errorOf(429, undefined, { 'x-ratelimit-reset': 'soon' }).retryAfterMs).toBeUndefined()
    expect(errorOf(429, undefined, { 'x-ratelimit-reset': '1e400' }).retryAfterMs).toBeUndefined()
    expect(errorOf(429).retryAfterMs).toBeUndefined()
  })

  it('names the scopes of the challenge, and no others', () => {
    const challenge = 'Bearer error="insufficient_scope", scope="billing.read voice.read"'
    expect(errorOf(403, undefined, { 'www-authenticate': challenge }).scope).toBe('billing.read voice.read')
    expect(
      errorOf(401, undefined, { 'www-authenticate': 'Bearer error="invalid_token"' }).scope,
    ).toBeUndefined()
    expect(errorOf(403).scope).toBeUndefined()
  })

  it('has no fact and no message from values that are no text', () => {
    const first = { code: { a: 1 }, title: { b: 2 }, detail: ['c'], source: { pointer: [1], parameter: {} } }
    for (const body of [{ errors: [first] }, { error: { a: 1 }, error_description: ['b'] }])
      expect(errorOf(400, body)).toMatchObject({
        code: undefined,
        title: undefined,
        detail: undefined,
        pointer: undefined,
        message: 'Telnyx answered 400',
      })
  })

  it('takes the next source of a fact where the first is no text', () => {
    const errors = [{ code: {}, detail: 'of the error', source: { pointer: null, parameter: 'page[size]' } }]
    expect(errorOf(400, { error: 'invalid_request', error_description: {}, errors })).toMatchObject({
      code: 'invalid_request',
      detail: 'of the error',
      pointer: 'page[size]',
    })
  })

  it('has a number as text', () => {
    expect(errorOf(400, { errors: [{ code: 10027, title: 0 }] })).toMatchObject({
      code: '10027',
      title: '0',
      message: 'Telnyx answered 400 - 10027 - 0',
    })
  })

  it('leaves out what is no text among the faults of an invalid field', () => {
    const invalid_fields = { scope: ['is unknown', { a: 1 }], redirect_uris: { b: 2 } }
    expect(errorOf(400, { invalid_fields }).errors.map(({ detail }) => detail)).toEqual(['is unknown', ''])
  })

  it('is retryable as the retry rules say', () => {
    expect(errorOf(429).isRetryable).toBe(true)
    expect(errorOf(503, undefined, { 'x-should-retry': 'false' }).isRetryable).toBe(false)
  })

  it('is made of any JSON without a crash', () => {
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 599 }), fc.jsonValue(), (status, body) => {
        expect(errorOf(status, body)).toBeInstanceOf(TelnyxApiError)
      }),
    )
  })
})

describe('the message', () => {
  it('has status, code, title and detail', () => {
    expect(
      errorOf(404, { errors: [{ code: '10005', title: 'Not found', detail: 'No such grant' }] }).message,
    ).toBe('Telnyx answered 404 - 10005 - Not found - No such grant')
  })

  it('cuts a long detail, which the error keeps whole', () => {
    const detail = 'x'.repeat(5000)
    const error = errorOf(400, { error_description: detail })
    expect(error.message).toBe(`Telnyx answered 400 - ${'x'.repeat(200)}`)
    expect(error.detail).toBe(detail)
  })

  it('of a 401 sends to the API key or token', () => {
    expect(errorOf(401, { error: 'invalid_client' }).message).toBe(
      'Telnyx answered 401 - invalid_client - check the key, token or secret',
    )
  })

  it.each([401, 403])('of a %i names the scope that is missing', (status) => {
    const challenge = 'Bearer realm="Telnyx API", error="insufficient_scope", scope="billing.read"'
    expect(errorOf(status, undefined, { 'www-authenticate': challenge }).message).toContain(
      'needs the scope billing.read',
    )
  })

  it('of a 403 that does not name a scope sends to the scope', () => {
    expect(errorOf(403).message).toBe('Telnyx answered 403 - check the scope')
  })

  it('of a refused token that is bound to a DPoP key says what to use instead', () => {
    const challenge = 'DPoP realm="Telnyx API", error="invalid_token", algs="ES256"'
    expect(errorOf(401, undefined, { 'www-authenticate': challenge }).message).toBe(
      'Telnyx answered 401 - use fetch of @telnyx-oauth/core',
    )
  })

  it('of a 422 names the field', () => {
    expect(errorOf(422, V2_BODY).message).toContain('check /allowed_scopes/0')
  })

  it('of a 429 says when to come back', () => {
    expect(errorOf(429, undefined, { 'retry-after-ms': '2500' }).message).toContain('try again in 2.5 s')
  })

  it('of a success that cannot be read says so', () => {
    expect(errorOf(200).message).toBe('Telnyx answered 200 - unexpected body or redirect')
  })
})

describe('an error without an answer', () => {
  it('is retryable and keeps its cause', () => {
    const cause = new TypeError('fetch failed')
    const error = new TelnyxConnectionError('No answer', { cause })
    expect(error).toMatchObject({ name: 'TelnyxConnectionError', isRetryable: true, cause })
  })

  it('that came from the clock is a connection error with a name of its own', () => {
    const error = new TelnyxTimeoutError('No answer within 1 ms')
    expect(error).toMatchObject({ name: 'TelnyxTimeoutError', isRetryable: true })
    expect(error).toBeInstanceOf(TelnyxConnectionError)
  })
})
