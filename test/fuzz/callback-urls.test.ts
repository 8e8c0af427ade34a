import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isTelnyxAuthError } from '../../packages/core/src/errors.ts'
import { fc } from '../support/fast-check.ts'
import { sessionKey } from '../support/scene.ts'
import { appOrigin } from '../support/simulated-browser.ts'
import { countCases } from './support/cases.ts'
import { openTab } from './support/fuzz-tab.ts'
import { answering, createGround, type Ground, invalidGrant, transactionsKey } from './support/ground.ts'

const { runs, count, conclude } = countCases('callback URLs')
let ground: Ground
beforeAll(async () => {
  ground = await createGround()
})
afterAll(conclude)

const answerNames = ['code', 'state', 'iss', 'error', 'error_description', 'error_uri']
const name = fc.constantFrom(...answerNames, ...answerNames, 'token', 'mine', '')

/** Parameters that a server, an attacker or a broken link may put into the URL; `$` stands for the real state. */
const value = fc.oneof(
  fc.constantFrom('', '$', '$', 'tx1.', 'tx1.__proto__', '$x', 'x$', ' $'),
  fc.constantFrom('https://api.telnyx.com', 'https://evil.example', '//evil.example', 'javascript:alert(1)'),
  fc.constantFrom('access_denied', '\u0000', '%', '%zz', '<script>', '\\', 'x'.repeat(5000)),
  fc.string(),
  fc.string({ unit: 'binary' }),
)
const shaped = fc
  .array(fc.tuple(name, value), { maxLength: 7 })
  .map((pairs) => new URLSearchParams(pairs).toString())

const piece = fc.constantFrom(
  ...['&', '=', '%', '#', '?', '+', ';', '[]', '%00', '%24', '/', '//', '\\', '@', ':'],
  ...['state=tx1.', 'state=$', 'state=%74x1.', 'code', 'code=', 'code=x', 'error=', 'iss='],
)
const broken = fc.array(piece, { maxLength: 10 }).map((pieces) => pieces.join(''))

/** The parameters that are the app's own. */
const ownOf = (url: string) =>
  [...new URL(url).searchParams].filter(([key]) => !answerNames.includes(key)).map(String)

async function comeBackTo(query: string, isSignedIn: boolean): Promise<void> {
  count()
  const records = isSignedIn ? ground.signedIn : ground.signedOut
  const path = `/callback?${query.replaceAll(/\$|%24/g, ground.state)}`
  const server = answering(invalidGrant)
  const tab = openTab({ records, fetch: server.fetch, path })
  const snapshot = await tab.clock.until(tab.auth.ready())
  tab.auth.dispose()

  expect(snapshot.status).toBe(isSignedIn ? 'signed-in' : 'signed-out')
  expect(snapshot.error === undefined || isTelnyxAuthError(snapshot.error)).toBe(true)
  expect(tab.records.get(sessionKey)).toEqual(records.get(sessionKey))
  const before = new URL(path, appOrigin)
  const after = new URL(tab.page.href())
  expect(after.origin).toBe(appOrigin)
  if (after.pathname === '/callback') expect(ownOf(after.href)).toEqual(ownOf(before.href))

  const states = before.searchParams.getAll('state')
  const isOurs = states.find((state) => state.startsWith('tx1.')) === ground.state
  // A code is sent once, and only under the one state that this browser gave out.
  expect(server.asked.length).toBeLessThanOrEqual(isOurs && states.length === 1 ? 1 : 0)
  if (!isOurs) expect(tab.records.get(transactionsKey)).toEqual(records.get(transactionsKey))
}

describe.each([
  ['whoever is signed out', false],
  ['whoever is signed in', true],
])('a callback URL made of anything leaves %s', (_title, isSignedIn) => {
  test('as they are, with typed errors only, and sends no code but its own', async () => {
    const property = fc.asyncProperty(shaped, (query) => comeBackTo(query, isSignedIn))
    await fc.assert(property, { numRuns: runs(0.4), examples: [['state=$&code=unknown'], ['state=$']] })
  }, 120_000)

  test('as they are, however broken its query is', async () => {
    const property = fc.asyncProperty(broken, (query) => comeBackTo(query, isSignedIn))
    await fc.assert(property, { numRuns: runs(0.1) })
  }, 120_000)
})
