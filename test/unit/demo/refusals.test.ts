import { describe, expect, it } from 'vitest'
import { explainLack, explainRefusal } from '../../../demo/src/balance/explain-refusal.ts'

function answer(status: number, headers: HeadersInit = {}): Response {
  return new Response(null, { status, headers })
}

describe('a refused call', () => {
  it.each([
    [401, 'The token was not accepted, not even after one refresh.'],
    [403, 'This account may not see its balance.'],
    [404, 'This server has no GET /v2/balance.'],
    [418, 'Telnyx refused the request.'],
    [429, 'There were too many requests.'],
    [503, 'Telnyx cannot answer now.'],
  ])('with status %d is a sentence', (status, message) => {
    const problem = explainRefusal(answer(status), undefined)
    expect(problem).toEqual({ title: `Telnyx answered ${status}`, message, hint: expect.any(String) })
  })

  it('for want of a scope names the scope', () => {
    expect(explainLack().message).toMatch(/billing\.read/)
  })

  it('that is no balance at all says so', () => {
    expect(explainRefusal(answer(200), '<html>').message).toBe('The answer is not a balance.')
  })
})

describe('the words of the server', () => {
  it.each([
    [{ errors: [{ code: '10010', title: 'Not allowed', detail: 'Ask.' }] }, 'Not allowed: Ask.'],
    [{ error: 'invalid_token', error_description: 'Expired' }, 'invalid_token: Expired'],
  ])('are read from %j', (body, words) => {
    expect(explainRefusal(answer(403), body).serverWords).toBe(words)
  })

  it.each([[undefined], ['text'], [{ errors: [] }], [{ errors: [{ title: 7 }] }]])(
    'are left out of %j',
    (body) => {
      expect(explainRefusal(answer(403), body)).not.toHaveProperty('serverWords')
    },
  )
})
