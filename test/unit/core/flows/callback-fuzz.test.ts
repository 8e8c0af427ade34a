import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isTelnyxAuthError } from '../../../../packages/core/src/errors.ts'
import { codesSent, createScene, sessionKey } from '../../../support/scene.ts'
import { appOrigin } from '../../../support/simulated-browser.ts'

const name = fc.constantFrom(
  'code',
  'state',
  'iss',
  'error',
  'error_description',
  'error_uri',
  'token',
  'mine',
  '',
)

/** Parameters that a server, an attacker or a broken link may put into the URL; `$` stands for the real state. */
const value = fc.oneof(
  fc.constantFrom('', '$', 'tx1.', 'tx1.__proto__', '$x', 'https://api.telnyx.com', 'https://evil.example'),
  fc.constantFrom(
    'access_denied',
    '\u0000',
    '%',
    '%zz',
    '<script>',
    '\\',
    '//evil.example',
    'x'.repeat(5000),
  ),
  fc.string(),
)
const answer = fc.array(fc.tuple(name, value), { maxLength: 7 })
const raw = fc.array(fc.constantFrom('&', '=', '%', '#', '?', '+', 'state=tx1.', 'code', '%00', '[]', ';'), {
  maxLength: 8,
})

/** Comes back to a URL made by `query` from the state of a sign-in that was begun. */
async function comeBackTo(query: (state: string) => string, isSignedIn: boolean) {
  const scene = createScene()
  if (isSignedIn) await scene.signIn()
  const before = { record: structuredClone(scene.record()), codes: codesSent(scene) }
  const tab = scene.open()
  const state = new URL(await scene.leave(tab)).searchParams.get('state') ?? ''
  const back = await scene.comeBack(tab, `${appOrigin}/callback?${query(state)}`)
  return { scene, back, before, state }
}

function expectOnlyTypedErrors(
  { scene, back, before }: Awaited<ReturnType<typeof comeBackTo>>,
  isSignedIn: boolean,
) {
  const snapshot = back.auth.getSnapshot()
  expect(snapshot.status).toBe(isSignedIn ? 'signed-in' : 'signed-out')
  expect(snapshot.error === undefined || isTelnyxAuthError(snapshot.error)).toBe(true)
  expect(new URL(back.page.href()).origin).toBe(appOrigin)
  expect(codesSent(scene) - before.codes).toBeLessThanOrEqual(1)
  expect(scene.record()).toEqual(before.record)
}

describe.each([
  ['whoever is signed out', false],
  ['whoever is signed in', true],
])('a callback URL made of anything leaves %s', (_title, isSignedIn) => {
  test('as they are, with typed errors only', async () => {
    const examples: [[string, string][]][] = [
      [
        [
          ['state', '$'],
          ['code', 'unknown'],
        ],
      ],
      [[['state', '$']]],
    ]
    await fc.assert(
      fc.asyncProperty(answer, async (parameters) => {
        const query = (state: string) =>
          new URLSearchParams(parameters.map(([key, text]) => [key, text.replace('$', state)])).toString()
        expectOnlyTypedErrors(await comeBackTo(query, isSignedIn), isSignedIn)
      }),
      { numRuns: 150, examples },
    )
  }, 60_000)

  test('as they are, however broken its query is', async () => {
    await fc.assert(
      fc.asyncProperty(raw, async (pieces) => {
        expectOnlyTypedErrors(await comeBackTo(() => pieces.join(''), isSignedIn), isSignedIn)
      }),
      { numRuns: 75 },
    )
  }, 60_000)
})

test('a sign-in that garbage did not answer can still be finished', async () => {
  const { scene, back, state } = await comeBackTo(() => 'code=x&state=tx1.other', false)
  const stored = scene.records.get(`${sessionKey} transactions`) as Record<string, unknown>
  expect(Object.keys(stored)).toEqual([state])
  const code = scene.server.grant(`https://api.telnyx.com/authorize?scope=a`)
  const done = await scene.comeBack(back, `${appOrigin}/callback?code=${code}&state=${state}`)
  expect(done.auth.getSnapshot().status).toBe('signed-in')
})
