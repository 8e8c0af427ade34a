import { type ErrorDetails, TelnyxAuthError, type TelnyxAuthErrorCode } from '@telnyx-oauth/core'
import {
  developerHint,
  type ErrorTexts,
  englishHints,
  englishMessages,
  userMessage,
} from '@telnyx-oauth/core/messages'
import { describe, expect, test } from 'vitest'
import { errorTable } from '../../../packages/core/src/error-table.ts'

const codes = Object.keys(errorTable) as TelnyxAuthErrorCode[]

const message = (code: TelnyxAuthErrorCode, details?: ErrorDetails) =>
  userMessage(new TelnyxAuthError(code, details))
const hint = (code: TelnyxAuthErrorCode, details?: ErrorDetails) =>
  developerHint(new TelnyxAuthError(code, details))

describe('userMessage', () => {
  test.each(codes)('%s: whole sentences, with nothing that only a developer can do', (code) => {
    expect(message(code)).toMatch(/^[A-Z].+[.]$/)
    expect(message(code)).not.toMatch(/\(\)|\boption\b|RFC|CORS|metadata(?!_)|undefined/)
    expect(message(code)).not.toBe(englishMessages.unexpected)
  })

  test('503 with Retry-After: the text says how long to wait, in the unit that fits', () => {
    const waiting = (retryAfterMs: number) => message('server_unavailable', { retryAfterMs })
    expect(waiting(0)).toMatch(/Try again in 1 second\.$/)
    expect(waiting(29_500)).toMatch(/Try again in 30 seconds\.$/)
    expect(waiting(120_000)).toMatch(/Try again in 2 minutes\.$/)
    expect(waiting(7_200_000)).toMatch(/Try again in 2 hours\.$/)
  })

  test('a server that responded is not called out of reach', () => {
    expect(message('metadata_unavailable')).toMatch(/internet connection/)
    expect(message('metadata_unavailable', { server: { status: 503 } })).not.toMatch(/internet connection/)
    expect(message('server_unavailable', { server: { status: 429 } })).toMatch(/too many requests/)
  })

  test('an error that only the app can mend: the text names the code to quote', () => {
    expect(message('metadata_invalid')).toMatch(/quote "metadata_invalid"\.$/)
  })

  test('insufficient_scope: the text lists the scopes that are missing', () => {
    const missing = { scopes: ['messaging.write', 'voice.write'] }
    expect(message('insufficient_scope', { missing })).toContain('(messaging.write, voice.write)')
    expect(message('insufficient_scope')).not.toContain('(')
  })

  test('a recent sign-in is told from a stronger one, and a storage without keys from a server without DPoP', () => {
    const demand = 'insufficient_user_authentication'
    expect(message(demand, { missing: { maxAgeSeconds: 60 } })).toMatch(/recent/)
    expect(message(demand, { missing: { acrValues: ['mfa'] } })).toMatch(/stronger/)
    expect(message('dpop_unsupported', { subject: 'storage' })).toMatch(/private browsing/)
    expect(message('dpop_unsupported', { subject: 'ES256' })).toMatch(/support/)
  })

  test('a replacement takes the place of its code only, as a text or as a function of the error', () => {
    const german: Partial<ErrorTexts> = {
      signed_out: 'Sie sind abgemeldet.',
      network_error: ({ code }) => `Keine Verbindung (${code}).`,
      unexpected: 'Unerwarteter Fehler.',
    }
    expect(userMessage(new TelnyxAuthError('signed_out'), german)).toBe('Sie sind abgemeldet.')
    const chunk = new TelnyxAuthError('network_error', { subject: 'chunk' })
    expect(userMessage(chunk)).toContain('reload the page')
    expect(developerHint(chunk)).toMatch(/deploy.*Reload the page/)
    expect(userMessage(new TelnyxAuthError('network_error'), german)).toBe(
      'Keine Verbindung (network_error).',
    )
    expect(userMessage(new TypeError('x'), german)).toBe('Unerwarteter Fehler.')
    expect(userMessage(new TelnyxAuthError('popup_closed'), german)).toBe(englishMessages.popup_closed)
  })

  test('an error of a newer copy of the library, with a code of its own, has the text for unexpected errors', () => {
    const foreign = Object.assign(new Error('toString'), { name: 'TelnyxAuthError', code: 'toString' })
    expect(userMessage(foreign)).toBe(englishMessages.unexpected)
  })
})

describe('developerHint', () => {
  test.each(codes)('%s: whole sentences that name a cause and a fix', (code) => {
    expect(hint(code)).toMatch(/^[\w].+[.;] .+\.$/)
    expect(hint(code)).not.toMatch(/undefined|null/)
  })

  test('the hint names what is at fault', () => {
    expect(hint('metadata_invalid', { subject: 'token_endpoint' })).toContain('token_endpoint')
    expect(hint('issuer_not_allowed', { subject: 'https://idp.example' })).toContain('https://idp.example')
    expect(hint('resource_not_allowed', { subject: 'https://x.example' })).toContain('https://x.example')
    expect(hint('response_invalid', { subject: 'access_token' })).toContain('access_token')
    expect(hint('registration_refused', { subject: 'redirect_uris' })).toContain('because of redirect_uris')
    expect(hint('registration_unusable', { subject: 'client_secret' })).toContain('client_secret is wrong')
    expect(hint('dpop_unsupported', { subject: 'storage' })).toContain('CryptoKey')
    expect(hint('metadata_unavailable', { server: { status: 502 } })).toContain('status 502')
    expect(hint('server_unavailable', { server: { status: 429 }, retryAfterMs: 2500 })).toMatch(
      /status 429\. Call again in 3 s\.$/,
    )
  })

  test.each(['invalid_grant', 'refresh_rejected', 'refresh_response_lost'] as const)(
    '%s: both texts say that the user has to sign in again',
    (code) => {
      expect(hint(code)).toContain('signIn()')
      expect(message(code)).toMatch(/sign in again/i)
    },
  )

  test('insufficient_scope: the hint names the scope or the resource that is missing', () => {
    const lacking = (missing: ErrorDetails['missing']) => hint('insufficient_scope', { missing })
    expect(lacking({ scopes: ['voice.write'] })).toContain('the scope voice.write')
    expect(lacking({ resource: 'https://mcp.example' })).toContain('the resource https://mcp.example')
  })

  test('what the library did not throw is said not to come from it', () => {
    expect(developerHint(new TypeError('x'))).toBe(englishHints.unexpected)
    expect(developerHint(undefined, { unexpected: 'y' })).toBe('y')
  })
})
