import { type TelnyxApiError, TelnyxConnectionError, TelnyxTimeoutError } from '@telnyx-oauth/api'
import { describe, expect, it } from 'vitest'
import { isOutcomeUnknown, missingScope } from '../../../demo/src/words/api-problem.ts'
import { fieldProblems } from '../../../demo/src/words/field-problems.ts'
import { explainProblem } from '../../../demo/src/words/problem.ts'
import { apiError } from '../../../packages/api/src/errors.ts'

function refusal(status: number, body?: unknown, headers: Record<string, string> = {}): TelnyxApiError {
  return apiError(new Response(null, { status, headers }), body, 0, String)
}

function v2(code: string, more: object = {}): object {
  return { errors: [{ code, title: 'Title', detail: 'the detail', ...more }] }
}

describe('a refusal of the API', () => {
  it.each([
    [400, v2('10015'), 'The request was not understood'],
    [400, { error: 'invalid_request' }, 'The request was not understood'],
    [400, { error: 'invalid_grant' }, 'The grant is used up'],
    [400, { error: 'invalid_scope' }, 'A scope is not on offer'],
    [400, { error: 'invalid_client_metadata' }, 'The client cannot be like this'],
    [400, { error: 'invalid_redirect_uri' }, 'The redirect URI is not accepted'],
    [400, { error: 'unauthorized_client' }, 'The client may not do that'],
    [400, { error: 'unsupported_grant_type' }, 'The grant type is not supported'],
    [401, v2('10009'), 'The token was not accepted'],
    [401, { error: 'invalid_token' }, 'The token was not accepted'],
    [401, { error: 'invalid_client' }, 'The client is not known'],
    [403, v2('10010'), 'This account may not do that'],
    [404, v2('10005'), 'It is not there'],
    [404, { error: 'not_found' }, 'It is not there'],
    [409, v2('10012'), 'Something else came first'],
    [422, v2('10027'), 'One of the values is not accepted'],
    [429, v2('10011'), 'That was too often'],
    [500, v2('10007'), 'Telnyx cannot answer now'],
    [502, undefined, 'Telnyx cannot answer now'],
    [418, undefined, 'Telnyx refused the request'],
    [200, '<html>', 'The answer cannot be read'],
  ])('%d %j is a title, a sentence and what to do', (status, body, title) => {
    const problem = explainProblem(refusal(status, body))
    expect(problem).toMatchObject({
      title,
      message: expect.stringMatching(/\.$/),
      hint: expect.stringMatching(/\.$/),
    })
  })

  it.each(['constructor', 'toString'])('with the code %s is not taken for a known one', (code) => {
    expect(explainProblem(refusal(400, { error: code })).title).toBe('The request was not understood')
  })

  it('shows code, request and the words of the server', () => {
    expect(explainProblem(refusal(404, v2('10005'), { 'x-request-id': 'r-1' }))).toMatchObject({
      code: '10005',
      requestId: 'r-1',
      serverWords: 'Title: the detail',
    })
    expect(explainProblem(refusal(502))).not.toHaveProperty('serverWords')
  })

  it.each([401, 403])('%d for want of a scope names the scope', (status) => {
    const challenge = 'Bearer error="insufficient_scope", scope="billing.read"'
    const error = refusal(status, v2('10010'), { 'www-authenticate': challenge })
    expect(missingScope(error)).toBe('billing.read')
    expect(explainProblem(error)).toMatchObject({
      title: 'A scope is missing',
      message: 'The token lacks the scope billing.read.',
    })
  })

  it.each([
    [{ 'retry-after': '7' }, 'Wait 7 seconds, then try again.'],
    [{ 'retry-after': '3000' }, 'Wait 50 minutes, then try again.'],
    [{ 'retry-after': '36000' }, 'Wait 10 hours, then try again.'],
    [{}, 'Wait a minute, then try again.'],
  ])('429 with %j says how long to wait', (headers, hint) => {
    expect(explainProblem(refusal(429, undefined, headers)).hint).toBe(hint)
  })
})

describe('no answer of the API', () => {
  it('is told from a slow one', () => {
    expect(explainProblem(new TelnyxConnectionError('')).title).toBe('Telnyx cannot be reached')
    expect(explainProblem(new TelnyxTimeoutError('')).title).toBe('Telnyx takes too long')
  })
})

describe('the outcome of a call', () => {
  it.each([
    [refusal(422), false],
    [refusal(429), false],
    [refusal(502), true],
    [new TelnyxConnectionError(''), true],
    [new TypeError('misuse'), false],
  ])('after %o is unknown: %s', (error, isUnknown) => {
    expect(isOutcomeUnknown(error)).toBe(isUnknown)
  })
})

describe('the problem of a field', () => {
  it.each([
    ['/name', { name: 'The detail.' }],
    ['/redirect_uris/1', { redirect_uris: 'Entry 2: the detail.' }],
    ['redirect_uris', { redirect_uris: 'The detail.' }],
  ])('at %s is a sentence at that field', (pointer, problems) => {
    expect(fieldProblems(refusal(422, v2('10027', { source: { pointer } })))).toEqual(problems)
  })

  it('of a registration is found too', () => {
    const body = { error_description: 'no', invalid_fields: { client_name: ['must be there'] } }
    expect(fieldProblems(refusal(400, body))).toEqual({ client_name: 'No.' })
  })

  it('is none where the server names no field', () => {
    expect(fieldProblems(refusal(422, v2('10027')))).toEqual({})
    expect(fieldProblems(new Error('another'))).toEqual({})
  })
})
