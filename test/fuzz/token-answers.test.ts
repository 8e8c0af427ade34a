import { afterAll, beforeAll, expect, test } from 'vitest'
import { liveRecord } from '../../packages/core/src/model/record.ts'
import { fc } from '../support/fast-check.ts'
import { sessionKey } from '../support/scene.ts'
import { countCases } from './support/cases.ts'
import { openTab } from './support/fuzz-tab.ts'
import { answering, createGround, type Ground } from './support/ground.ts'
import { typed } from './support/typed.ts'

const { runs, count, conclude } = countCases('token answers')
let ground: Ground
beforeAll(async () => {
  ground = await createGround()
})
afterAll(conclude)

const anything = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(null, '', 0, true, [], {}))
const part = (...usual: unknown[]) => fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...usual) }, anything)
const idToken = ['e30.e30.', 'eyJhbGciOiJub25lIn0.e30.', 'a.b', 'x'.repeat(3000)]

const shaped = fc.record(
  {
    access_token: fc.oneof(part('new', 'new', 'a b', 'ü', 'a\n', '\0'), fc.string()),
    token_type: part('Bearer', 'Bearer', 'bearer', 'DPoP', 'mac'),
    expires_in: part(1800, 1800, 0, -1, 1e300, 1.5, '60', 'soon'),
    refresh_token: fc.oneof(part('next', 'next', 'ü'), fc.string()),
    scope: fc.oneof(part('billing.read', '  ', 'a  b'), fc.string()),
    id_token: part(...idToken),
    error: part('invalid_grant', 'invalid_client', 'invalid_dpop_proof', 'slow_down'),
    error_description: fc.oneof(part('no'), fc.string()),
  },
  { requiredKeys: [] },
)

/** What a token endpoint, a gateway in front of it or a captive portal may answer. */
const answer = fc.record({
  body: fc.oneof(
    { weight: 4, arbitrary: shaped.map((value) => JSON.stringify(value)) },
    anything.map((value) => JSON.stringify(value)),
    shaped.map((value) => JSON.stringify(value).slice(0, -3)),
    fc.constantFrom('', '<h1>Bad gateway</h1>', '{"error":"invalid_grant"}', '\ufeff{}', '[]', 'null'),
    fc.string(),
  ),
  // Statuses that a browser lets through with a body.
  status: fc.constantFrom(200, 200, 200, 200, 201, 202, 400, 400, 401, 403, 404, 408, 429, 500, 503),
  type: fc.constantFrom(
    'application/json',
    'application/json',
    'application/json;charset=utf-8',
    'text/html',
    '',
  ),
})
type Answer = typeof answer extends fc.Arbitrary<infer T> ? T : never

const responseOf =
  ({ body, status, type }: Answer) =>
  () =>
    new Response(body, { status, headers: { 'content-type': type, 'retry-after': '0' } })

/** The one answer that may end a session. */
const endsSession = ({ body, status, type }: Answer): boolean => {
  if (status < 400 || status >= 500 || !type.startsWith('application/json')) return false
  try {
    return JSON.parse(body)?.error === 'invalid_grant'
  } catch {
    return false
  }
}

test('whatever answers a refresh, the session stays or moves on, and errors are typed', async () => {
  const property = fc.asyncProperty(answer, async (given) => {
    count()
    const tab = openTab({ records: ground.signedIn, fetch: answering(responseOf(given)).fetch, path: '/' })
    await tab.auth.ready()
    const refreshed = tab.auth.refresh().then(
      () => 'renewed',
      (error: unknown) => error,
    )
    const outcome = await tab.clock.until(refreshed)
    const snapshot = tab.auth.getSnapshot()
    tab.auth.dispose()
    // The disk has nothing to do with it.
    if (outcome !== 'renewed') expect(typed(outcome)).not.toBe('storage_failed')
    const stored = liveRecord(tab.records.get(sessionKey))
    if (snapshot.status === 'signed-in') {
      expect(stored?.token).toEqual(snapshot.token)
      expect(stored?.refreshToken).toMatch(/./)
      expect(snapshot.token.accessToken).toMatch(/^[!-~]+$/)
      expect(Number.isFinite(snapshot.token.expiresAtMs)).toBe(true)
      // Nobody is told of a newer token, nor left with an older one.
      expect(snapshot.token.accessToken !== 'access-2' || outcome !== 'renewed').toBe(true)
    } else {
      expect(endsSession(given)).toBe(true)
      expect(stored).toBeUndefined()
    }
  })
  await fc.assert(property, { numRuns: runs(0.4) })
}, 60_000)

test('whatever answers a code, there is a whole session or a typed error', async () => {
  const path = () => `/callback?code=x&state=${ground.state}`
  const property = fc.asyncProperty(answer, async (given) => {
    count()
    const server = answering(responseOf(given))
    const tab = openTab({ records: ground.signedOut, fetch: server.fetch, path: path() })
    const snapshot = await tab.clock.until(tab.auth.ready())
    tab.auth.dispose()
    const stored = liveRecord(tab.records.get(sessionKey))
    if (snapshot.status === 'signed-in') expect(stored?.token).toEqual(snapshot.token)
    else {
      expect(typed(snapshot.error)).not.toBe('storage_failed')
      expect(stored).toBeUndefined()
    }
    // A code is sent once, whatever came back.
    expect(server.asked).toHaveLength(1)
  })
  await fc.assert(property, { numRuns: runs(0.6) })
}, 60_000)
