import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isTelnyxAuthError } from '../../../../packages/core/src/errors.ts'
import { createScene } from '../../../support/scene.ts'

const anything = fc.jsonValue()
const shaped = fc.record(
  {
    access_token: fc.oneof(fc.string(), anything),
    token_type: fc.oneof(fc.constantFrom('Bearer', 'bearer', 'DPoP'), anything),
    expires_in: fc.oneof(fc.constantFrom(0, -1, 1e300, '60', 'soon'), anything),
    refresh_token: fc.oneof(fc.string(), anything),
    scope: fc.oneof(fc.string(), anything),
    error: fc.oneof(fc.string(), anything),
  },
  { requiredKeys: [] },
)
const body = fc.oneof(
  fc.oneof(shaped, anything).map((value) => JSON.stringify(value)),
  fc.string(),
)
const answer = fc.record({
  body,
  // Statuses that a browser lets through with a body.
  status: fc.constantFrom(200, 200, 200, 201, 400, 401, 403, 429, 500),
  type: fc.constantFrom('application/json', 'text/html', 'application/json;charset=utf-8', ''),
})

const responseOf = ({ body: text, status, type }: { body: string; status: number; type: string }): Response =>
  new Response(text, { status, headers: { 'content-type': type } })

test('whatever answers a refresh, the session stays or moves on, and errors are typed', async () => {
  await fc.assert(
    fc.asyncProperty(answer, async (given) => {
      const scene = createScene()
      const tab = await scene.signIn()
      tab.page.setVisible(false)
      scene.server.script('/v2/oauth/token', ...Array(3).fill(() => responseOf(given)))
      const outcome = tab.auth.refresh().then(
        () => 'renewed',
        (error: unknown) => error,
      )
      await scene.clock.advance(5000)
      const error = await outcome
      expect(error === 'renewed' || isTelnyxAuthError(error)).toBe(true)
      const record = scene.record()
      const snapshot = tab.auth.getSnapshot()
      if (snapshot.status === 'signed-in') {
        expect(typeof record.refreshToken).toBe('string')
        expect(snapshot.token.accessToken).toMatch(/^[!-~]+$/)
        expect(Number.isFinite(snapshot.token.expiresAtMs)).toBe(true)
      } else {
        // The one answer that may end a session.
        expect(given.body).toContain('invalid_grant')
      }
      // What is stored can be read again.
      expect((await scene.open().auth.ready()).status).toBe(snapshot.status)
    }),
    { numRuns: 200 },
  )
}, 60_000)

test('whatever answers a code, there is a whole session or a typed error', async () => {
  await fc.assert(
    fc.asyncProperty(answer, async (given) => {
      const scene = createScene()
      const tab = scene.open()
      await scene.leave(tab)
      scene.server.script('/v2/oauth/token', () => responseOf(given))
      const { auth } = await scene.comeBack(tab)
      const { status, error } = auth.getSnapshot()
      expect(status === 'signed-in' || isTelnyxAuthError(error)).toBe(true)
      expect((await scene.open().auth.ready()).status).toBe(status)
    }),
    { numRuns: 200 },
  )
}, 60_000)
