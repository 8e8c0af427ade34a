import { afterAll, beforeAll, expect, test } from 'vitest'
import { isTelnyxAuthError } from '../../packages/core/src/errors.ts'
import { liveRecord, parseRecord } from '../../packages/core/src/model/record.ts'
import { fc } from '../support/fast-check.ts'
import { sessionKey } from '../support/scene.ts'
import { appOrigin } from '../support/simulated-browser.ts'
import { countCases } from './support/cases.ts'
import { openTab } from './support/fuzz-tab.ts'
import { answering, createGround, type Ground, tokens, transactionsKey } from './support/ground.ts'
import { typed } from './support/typed.ts'

const { runs, count, conclude } = countCases('stored records')
let ground: Ground
beforeAll(async () => {
  ground = await createGround()
})
afterAll(conclude)

type Loose = Readonly<Record<string, unknown>>

const metadataKey = 'metadata https://api.telnyx.com'

/** What another version, another library, a person with developer tools or a broken disk may leave. */
const anything = fc.oneof(
  fc.constantFrom(
    undefined,
    null,
    '',
    0,
    -1,
    1,
    2,
    1.5,
    Number.NaN,
    Infinity,
    2 ** 53,
    true,
    [],
    {},
    '__proto__',
  ),
  fc.anything({ withDate: true, withMap: true, withTypedArray: true, withBigInt: true, maxDepth: 2 }),
)

/** What is done to a stored value: another one in its place, or parts of it, or of a member of it, replaced. */
interface Damage {
  readonly value?: unknown
  readonly of?: string
  readonly parts?: readonly (readonly [string, unknown])[]
}

const replaced: fc.Arbitrary<Damage> = fc.record({ value: anything })

const damagedIn = (of: string | undefined, names: readonly string[]): fc.Arbitrary<Damage> =>
  fc.record({
    ...(of !== undefined && { of: fc.constant(of) }),
    parts: fc.array(fc.tuple(fc.constantFrom(...names), anything), { minLength: 1, maxLength: 3 }),
  })

/** A copy of `whole` with the damage done to it; members that become `undefined` are gone. */
function damaged(whole: unknown, { value, of, parts = [] }: Damage): unknown {
  if (parts.length === 0) return value
  if (of !== undefined) return { ...(whole as Loose), [of]: damaged((whole as Loose)[of], { parts }) }
  const result: Record<string, unknown> = { ...(whole as object) }
  for (const [name, part] of parts) {
    if (part === undefined) delete result[name]
    else result[name] = part
  }
  return result
}

const members = [
  'v',
  'generation',
  'sessionId',
  'issuer',
  'token',
  'receivedAtMs',
  'signedInAtMs',
  'activeAtMs',
]
const optional = ['sends', 'refreshToken', 'resource', 'lease', 'replaces', 'from401', 'retryAtMs', 'ended']
const newer = ['resourceTokens', 'proofKey', 'future', 'constructor']

/** Tells if a newer version of the library wrote it. */
const isNewer = (stored: unknown): boolean => {
  const record = parseRecord(stored)
  return !!record && 'ended' in record && record.ended === 'newer_version'
}

const session = fc.oneof(
  replaced,
  damagedIn(undefined, [...members, ...optional, ...newer]),
  damagedIn('token', ['accessToken', 'expiresAtMs', 'scopes', 'claims', 'tokenType']),
)

test('whatever is stored as the session is restored whole, left alone or taken for nothing', async () => {
  const property = fc.asyncProperty(session, async (damage) => {
    count()
    const stored = damaged(ground.signedIn.get(sessionKey), damage)
    const records = new Map(ground.signedIn).set(sessionKey, stored)
    const tab = openTab({ records, fetch: answering(tokens).fetch, path: '/' })
    const { status, error } = await tab.clock.until(tab.auth.ready())
    const isOver = error?.code === 'session_expired'
    // Nothing of it is lost by being looked at, unless its time is over.
    if (!isOver) expect(tab.records.get(sessionKey)).toEqual(stored)
    if (isNewer(stored)) expect(error?.code).toBe('newer_version')
    else if (!liveRecord(stored))
      expect({ status, error }).toEqual({ status: 'signed-out', error: undefined })
    else expect(status === 'signed-in' || isOver).toBe(true)
    if (status === 'signed-in') {
      const token = await tab.clock.until(tab.auth.getAccessToken().catch(typed))
      expect(typeof token).toBe('string')
      const outcome = await tab.clock.until(tab.auth.refresh().catch(typed))
      if (outcome === undefined) {
        expect(liveRecord(tab.records.get(sessionKey))).toMatchObject({ token: { accessToken: 'new' } })
      }
    }
    tab.auth.dispose()
  })
  await fc.assert(property, { numRuns: runs(0.5) })
}, 60_000)

test('whatever is stored as the session, a sign-in replaces it, unless a newer version wrote it', async () => {
  const path = () => `/callback?code=x&state=${ground.state}`
  const property = fc.asyncProperty(session, async (damage) => {
    count()
    const stored = damaged(ground.signedIn.get(sessionKey), damage)
    const records = new Map(ground.signedIn).set(sessionKey, stored)
    const tab = openTab({ records, fetch: answering(tokens).fetch, path: path() })
    const { status, error } = await tab.clock.until(tab.auth.ready())
    tab.auth.dispose()
    if (isNewer(stored)) {
      expect(error?.code).toBe('newer_version')
      expect(tab.records.get(sessionKey)).toEqual(stored)
    } else {
      expect(status).toBe('signed-in')
      expect(liveRecord(tab.records.get(sessionKey))).toMatchObject({ refreshToken: 'next' })
    }
  })
  await fc.assert(property, { numRuns: runs(0.2) })
}, 60_000)

const transactions = fc.oneof(
  replaced,
  damagedIn('$', ['verifier', 'issuer', 'redirectUri', 'returnTo', 'scopes', 'createdAtMs', 'resource']),
  damagedIn('$', ['redeemingFrom', 'redeemingOver', 'proofKey', 'targets', 'future', 'constructor']),
)

test('whatever is stored as sign-ins under way, a callback ends in a session or a typed error', async () => {
  const property = fc.asyncProperty(transactions, async (damage) => {
    count()
    const { [ground.state]: $ } = ground.signedOut.get(transactionsKey) as Loose
    const made = damaged({ '': null, $ }, damage)
    const stored = made && Object.hasOwn(made, '$') ? { ...made, [ground.state]: (made as Loose).$ } : made
    const records = new Map(ground.signedOut).set(transactionsKey, stored)
    const path = `/callback?code=x&state=${ground.state}`
    const tab = openTab({ records, fetch: answering(tokens).fetch, path })
    const { status, error } = await tab.clock.until(tab.auth.ready())
    tab.auth.dispose()
    expect(status === 'signed-in' ? error === undefined : isTelnyxAuthError(error)).toBe(true)
    const { origin, searchParams } = new URL(tab.page.href())
    expect({ origin, hasCode: searchParams.has('code') }).toEqual({ origin: appOrigin, hasCode: false })
  })
  await fc.assert(property, { numRuns: runs(0.15) })
}, 60_000)

const metadata = fc.oneof(
  replaced,
  damagedIn(undefined, ['document', 'fetchedAtMs']),
  damagedIn('document', ['issuer', 'authorization_endpoint', 'token_endpoint', 'revocation_endpoint']),
  damagedIn('document', ['code_challenge_methods_supported', 'dpop_signing_alg_values_supported', 'future']),
)

test('whatever is stored as metadata, a sign-in leaves for a server or is rejected with a typed error', async () => {
  const unavailable = () => new Response('', { status: 503 })
  const property = fc.asyncProperty(metadata, async (damage) => {
    count()
    const records = new Map(ground.signedOut)
    records.set(metadataKey, damaged(ground.signedOut.get(metadataKey), damage))
    const tab = openTab({ records, fetch: answering(unavailable).fetch, path: '/' })
    const outcome = await tab.clock.until(tab.auth.signIn().catch(typed))
    tab.auth.dispose()
    const { protocol, hostname } = new URL(tab.page.href())
    expect(protocol === 'https:' || hostname === 'localhost').toBe(true)
    expect(outcome === undefined).toBe(hostname !== 'localhost')
  })
  await fc.assert(property, { numRuns: runs(0.15) })
}, 60_000)
