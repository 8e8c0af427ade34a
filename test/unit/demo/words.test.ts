import { TelnyxAuthError } from '@telnyx-oauth/core'
import { userMessage } from '@telnyx-oauth/core/messages'
import { describe, expect, it } from 'vitest'
import { explainProblem } from '../../../demo/src/words/problem.ts'
import { describeScopes } from '../../../demo/src/words/scopes.ts'
import { firstCharacters, shortId } from '../../../demo/src/words/secret.ts'
import { formatAgo, formatDuration } from '../../../demo/src/words/time.ts'

describe('scopes in words', () => {
  it('share one entry per area, in the order given', () => {
    expect(describeScopes(['messaging.read', 'billing.read', 'messaging.write'])).toEqual([
      {
        area: 'Messaging',
        sentences: ['read messages and messaging profiles', 'send messages, change profiles'],
        scopes: ['messaging.read', 'messaging.write'],
      },
      {
        area: 'Billing',
        sentences: ['see the balance, invoices and payments'],
        scopes: ['billing.read'],
      },
    ])
  })

  it.each(['admin', 'billing.write', 'constructor.read', 'messaging'])('keep the name of %s', (scope) => {
    expect(describeScopes([scope])).toMatchObject([{ area: scope, scopes: [scope] }])
  })
})

describe('a duration', () => {
  it.each([
    [1_800_000, '30:00'],
    [1_799_001, '30:00'],
    [61_000, '1:01'],
    [9_000, '0:09'],
    [3_605_000, '1:00:05'],
    [-5_000, '0:00'],
  ])('of %d ms reads %s', (durationMs, words) => {
    expect(formatDuration(durationMs)).toBe(words)
  })
})

describe('a past time', () => {
  it.each([
    [0, 'just now'],
    [12_000, '12 seconds ago'],
    [61_000, '1 minute ago'],
    [7_200_000, '2 hours ago'],
    [-4_000, 'just now'],
  ])('%d ms back reads %s', (agoMs, words) => {
    expect(formatAgo(1_000_000_000, 1_000_000_000 + agoMs)).toBe(words)
  })
})

describe('what is shown of a secret', () => {
  it('is six characters of a token', () => {
    expect(firstCharacters('abcdefghijklmnop')).toBe('abcdef…')
  })

  it('is a short session id', () => {
    expect(shortId('0123456789abcdef')).toBe('01234567…')
  })
})

describe('a problem', () => {
  it('has the text for users, the code and the words of the server', () => {
    const server = { error: 'access_denied', description: '<b>no</b>' }
    expect(explainProblem(new TelnyxAuthError('access_denied', { server }))).toEqual({
      title: 'Access was not given',
      message: userMessage(new TelnyxAuthError('access_denied')),
      code: 'access_denied',
      serverWords: 'access_denied: <b>no</b>',
    })
  })

  it('that ended a session says so, whatever its phase', () => {
    expect(explainProblem(new TelnyxAuthError('invalid_grant')).title).toBe('The session is over')
  })

  it('without a title of its own has that of its phase', () => {
    expect(explainProblem(new TelnyxAuthError('server_unavailable')).title).toBe(
      'The token could not be renewed',
    )
  })

  it('of the network is told from a mistake of the console', () => {
    expect(explainProblem(new TypeError('Failed to fetch')).title).toBe('The server cannot be reached')
    expect(explainProblem('?').title).toBe('Something unexpected happened')
  })
})
