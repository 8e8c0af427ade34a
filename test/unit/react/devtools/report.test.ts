import { type AuthSnapshot, TelnyxAuthError, type TelnyxAuthEvent } from '@telnyx-oauth/core'
import { describe, expect, it } from 'vitest'
import { createReport } from '../../../../packages/react/src/devtools/report.ts'

const accessToken = 'sentinel~of+an.access/token='
const otherToken = 'c2VudGluZWwtb2YtYW5vdGhlci10b2tlbi0xMjM'
const sessionId = 'Zm9ydHktdGhyZWUtY2hhcmFjdGVycy1vZi1yYW5kb20'

const token = { accessToken, expiresAtMs: 5, scopes: ['voice.write'], claims: { email: 'ava@example.com' } }
const error = new TelnyxAuthError('request_rejected', {
  server: { status: 400, error: 'invalid_request', description: `no such token: ${otherToken}` },
  cause: new Error(`the whole answer with ${accessToken}`),
})
const snapshot: AuthSnapshot = {
  status: 'signed-in',
  sessionId,
  token,
  isRefreshing: false,
  isStale: true,
  error,
}
const events: readonly TelnyxAuthEvent[] = [
  { type: 'refresh-started', sessionId, attempt: 1, atMs: 1 },
  {
    type: 'storage-degraded',
    kind: 'custom',
    reason: `could not keep ${accessToken} ${otherToken}`,
    atMs: 2,
  },
]

const findings = [{ check: 'storage', result: 'warning', sentence: `It gave ${otherToken} back.` }] as const
const page = { origin: 'https://app.example.com', userAgent: 'Mozilla/5.0 (X11; Linux x86_64)' }

function report(of: AuthSnapshot = snapshot) {
  const entries = events.map((event, id) => ({ id, event })).toReversed()
  const text = createReport({ snapshot: of, entries, findings, page, nowMs: 7 })
  return { text, parsed: JSON.parse(text) }
}

describe('a report', () => {
  it('holds no token: neither the one in use, nor one in a text of a server or a storage', () => {
    const { text } = report()
    for (const secret of [accessToken, otherToken]) expect(text).not.toContain(secret)
    expect(text).toContain('could not keep [token] c2Vu…')
  })

  it('holds the names of the claims, not what they say of the person', () => {
    expect(report().text).not.toContain('ava@example.com')
    expect(report().parsed.snapshot.token).toEqual({
      characters: accessToken.length,
      expiresAtMs: 5,
      scopes: ['voice.write'],
      claims: ['email'],
    })
  })

  it('tells the rest: the page, the error in the words of the server, and the events in their order', () => {
    const { parsed } = report()
    expect(parsed).toMatchObject({
      madeAtMs: 7,
      page,
      snapshot: {
        status: 'signed-in',
        isStale: true,
        error: {
          code: 'request_rejected',
          phase: error.phase,
          message: error.message,
          server: { status: 400, error: 'invalid_request', description: 'no such token: c2Vu…' },
        },
      },
    })
    expect(parsed.events.map(({ type }: TelnyxAuthEvent) => type)).toEqual([
      'refresh-started',
      'storage-degraded',
    ])
    expect(parsed.findings).toEqual([{ ...findings[0], sentence: 'It gave c2Vu… back.' }])
    expect(parsed.snapshot.error).not.toHaveProperty('cause')
  })

  it('cuts session ids short, the same everywhere, so that they can still be compared', () => {
    const { text, parsed } = report()
    expect(text).not.toContain(sessionId)
    expect([parsed.snapshot.sessionId, parsed.events[0].sessionId]).toEqual(['Zm9y…', 'Zm9y…'])
  })

  it('of nobody has a status and the reason', () => {
    expect(report({ status: 'signed-out', error }).parsed.snapshot).toMatchObject({
      status: 'signed-out',
      error: { code: 'request_rejected' },
    })
    expect(report({ status: 'pending' }).parsed.snapshot).toEqual({ status: 'pending' })
  })

  it('leaves long words alone that are no secret', () => {
    const { text } = report({
      status: 'signed-out',
      error: new TelnyxAuthError('metadata_invalid', { subject: 'token_endpoint_auth_methods_supported' }),
    })
    expect(text).toContain('token_endpoint_auth_methods_supported')
  })
})
