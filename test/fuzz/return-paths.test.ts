import { afterAll, beforeAll, expect, test } from 'vitest'
import { isTelnyxAuthError } from '../../packages/core/src/errors.ts'
import { sameOriginPath } from '../../packages/core/src/model/return-to.ts'
import { fc } from '../support/fast-check.ts'
import { sessionKey } from '../support/scene.ts'
import { appOrigin } from '../support/simulated-browser.ts'
import { countCases } from './support/cases.ts'
import { openTab } from './support/fuzz-tab.ts'
import { answering, createGround, type Ground, tokens, transactionsKey } from './support/ground.ts'

const { runs, count, conclude } = countCases('return paths')
let ground: Ground
beforeAll(async () => {
  ground = await createGround()
})
afterAll(conclude)

/** Pieces that parsers of URLs have been fooled with. */
const piece = fc.constantFrom(
  ...[
    '/',
    '//',
    '\\',
    '/\\',
    '\t',
    '\n',
    '\r',
    '\0',
    ' ',
    '.',
    '..',
    '%2f',
    '%5c',
    '%2e',
    '@',
    ':',
    '#',
    '?',
  ],
  ...[
    'evil.example',
    'https:',
    'javascript:alert(1)',
    'data:',
    'blob:',
    '[::1]',
    '//evil.example',
    '／',
    '。',
  ],
  ...['localhost:5173', appOrigin, 'a', '1', '%', '\u202e', '\ufeff', '\u2028', 'xn--'],
)
const crafted = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))
const lead = fc.constantFrom('', '/')
const target = fc
  .tuple(lead, fc.oneof(crafted, fc.string(), fc.string({ unit: 'binary' }), fc.webUrl()))
  .map((parts) => parts.join(''))

/** As a link, as a redirect, and once more after somebody has normalised it. */
function expectHere(path: string, origin: string): void {
  expect(path).toMatch(/^\/(?![/\\])/)
  expect(new URL(path, origin).origin).toBe(origin)
  expect(new URL(path, `${origin}/some/page?of=it`).origin).toBe(origin)
  expect(sameOriginPath(path, origin)).toBe(path)
}

test('a return path never leaves the origin, whatever it is made of', () => {
  const property = fc.property(target, fc.constantFrom(appOrigin, 'https://app.example'), (text, origin) => {
    count()
    const path = sameOriginPath(text, origin)
    if (path !== undefined) expectHere(path, origin)
  })
  fc.assert(property, { numRuns: runs(0.6) })
})

test('a sign-in keeps a path of this origin to return to, or throws a TypeError and asks for nothing', async () => {
  const server = answering(tokens)
  const tab = openTab({ records: ground.signedOut, fetch: server.fetch, path: '/inbox' })
  await tab.auth.ready()
  const property = fc.asyncProperty(target, async (returnTo) => {
    count()
    tab.records.delete(transactionsKey)
    const failure = await tab.auth.signIn({ returnTo }).catch((error: unknown) => error)
    if (failure === undefined) {
      const [transaction] = Object.values(tab.records.get(transactionsKey) as object)
      expectHere(transaction.returnTo, appOrigin)
      expect(new URL(tab.page.href()).origin).toBe('https://api.telnyx.com')
      tab.page.navigate(`${appOrigin}/inbox`)
    } else {
      expect(failure).toBeInstanceOf(TypeError)
      expect(tab.records.has(transactionsKey)).toBe(false)
      expect(tab.page.href()).toBe(`${appOrigin}/inbox`)
    }
  })
  await fc.assert(property, { numRuns: runs(0.2) })
  expect(server.asked).toEqual([])
}, 60_000)

test('a callback goes to a path of this origin, whatever stands in its stored transaction', async () => {
  const [, stored] = Object.entries(ground.signedOut.get(transactionsKey) as object)[0] ?? []
  const property = fc.asyncProperty(fc.oneof(target, fc.jsonValue()), async (returnTo) => {
    count()
    const records = new Map(ground.signedOut)
    records.set(transactionsKey, { [ground.state]: { ...stored, returnTo } })
    const path = `/callback?code=x&state=${ground.state}`
    const tab = openTab({ records, fetch: answering(tokens).fetch, path })
    const { status, error } = await tab.clock.until(tab.auth.ready())
    tab.auth.dispose()
    expect(new URL(tab.page.href()).origin).toBe(appOrigin)
    // A path that leads elsewhere costs the way back, not the sign-in.
    if (typeof returnTo === 'string') expect(status).toBe('signed-in')
    else expect(status === 'signed-in' || isTelnyxAuthError(error)).toBe(true)
    if (status === 'signed-in') expect(tab.records.get(sessionKey)).toMatchObject({ refreshToken: 'next' })
  })
  await fc.assert(property, { numRuns: runs(0.2) })
}, 60_000)
