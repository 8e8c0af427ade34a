import { describe, expect, test } from 'vitest'
import type { storeSession } from '../../packages/core/src/flows/callback/store-session.ts'
import type { confirmLease, sendRefresh } from '../../packages/core/src/flows/refresh/send-refresh.ts'
import type { storeRefresh } from '../../packages/core/src/flows/refresh/store-refresh.ts'
import type { discoverIssuer } from '../../packages/core/src/flows/server/discover.ts'
import type { withTimeout } from '../../packages/core/src/flows/server/with-timeout.ts'
import type { markSignedOut, showSession } from '../../packages/core/src/flows/session/publish-session.ts'
import type { beginRead } from '../../packages/core/src/flows/session/read-sequence.ts'
import type { isUnsavedElsewhere } from '../../packages/core/src/flows/session/save-session.ts'
import type { adopt, isOlderThanUnsaved } from '../../packages/core/src/flows/session/sync-session.ts'
import type { ownerOf } from '../../packages/core/src/model/lease.ts'
import type { LiveRecord, sameGeneration } from '../../packages/core/src/model/record.ts'
import type { recordFor } from '../../packages/core/src/model/resource-target.ts'
import type { afterFailure, isRejectedForGood } from '../../packages/core/src/model/retry.ts'
import type { notBeforeMs } from '../../packages/core/src/model/tokens.ts'
import type { parseTokenResponse } from '../../packages/core/src/protocol/token-response.ts'
import { sample } from '../support/is-long.ts'
import { lyingPorts } from '../support/lying-ports.ts'
import { json } from '../support/model-server.ts'
import { type Mutation, replacing } from '../support/mutation.ts'
import type { Defects } from './fixtures.ts'
import { loadCore } from './load-core.ts'
import { runSchedule } from './run-schedule.ts'

/** One safeguard that is taken away: in core, by replacing one of its exports, or in the world that it runs in. */
interface Broken {
  readonly what: string
  readonly mutation?: Mutation
  readonly defects?: Defects
  /** Where to begin to look: not far before a schedule that shows it, so that the default run is short. @default 1 */
  readonly firstSeed?: number
  /** What the invariant checker says of it. */
  readonly noticed: RegExp
}

const isLive = (stored: unknown): stored is LiveRecord =>
  typeof stored === 'object' && stored !== null && 'token' in stored

const twoSenders = /invariant 3: |used twice/

/** Every safeguard of DESIGN.md section 5, taken away one at a time. */
const brokenWays: readonly Broken[] = [
  {
    what: 'invariant 1: the metadata of the resource decide where a refresh token goes',
    firstSeed: 210,
    noticed: /invariant 1: refresh sends/,
    mutation: replacing<typeof discoverIssuer>('discoverIssuer', (original) => async (context, issuer) => {
      const key = `issuer of ${context.options.resource}`
      const named = (await context.storage.read(key)) as { readonly document: string } | undefined
      return original(context, named?.document ?? issuer)
    }),
  },
  {
    what: "invariant 2: a resource token takes the place of the session's own",
    noticed: /invariant 2: /,
    mutation: replacing<typeof storeRefresh>(
      'storeRefresh',
      (original) => (context, session, response, sentAtMs) =>
        original(context, session, response, sentAtMs, undefined),
    ),
  },
  {
    what: 'invariant 2: any stored resource token is taken for the one that is wanted',
    noticed: /invariant 2: /,
    mutation: replacing<typeof recordFor>('recordFor', (original) => (record, target) => {
      const [received] = Object.values(record.resourceTokens ?? {})
      return original(record, target && { ...target, tokenIn: () => received })
    }),
  },
  {
    what: 'invariant 3: every tab gets the lock at once',
    noticed: twoSenders,
    defects: { withoutLocks: true },
  },
  {
    what: 'invariant 3: the lease of another tab does not count',
    noticed: twoSenders,
    mutation: replacing<typeof ownerOf>('ownerOf', () => () => undefined),
  },
  {
    what: 'invariant 3: a sender counts as silent after five seconds',
    noticed: twoSenders,
    mutation: replacing<number>('sendLimitMs', () => 5000),
  },
  {
    what: 'invariant 3: the sender does not look at its lease again',
    firstSeed: 190,
    defects: { freezesSenders: true },
    noticed: twoSenders,
    mutation: replacing<typeof confirmLease>('confirmLease', () => async () => {}),
  },
  {
    what: 'invariant 3: the lock is released while the request is out',
    noticed: twoSenders,
    mutation: replacing<typeof sendRefresh>('sendRefresh', (original) => async (...given) => {
      original(...given).catch(() => {})
    }),
  },
  {
    what: 'invariant 3: an update writes over what came in between',
    noticed: /invariant 3: |written again|generation/,
    defects: { withoutCompareAndSwap: true },
  },
  {
    what: 'invariant 4: an odd member makes a token response a failure',
    firstSeed: 50,
    noticed: /invariant \d/,
    mutation: replacing<typeof parseTokenResponse>('parseTokenResponse', (original) => (body, ...given) => {
      if (Object.values(body).includes(null)) throw new TypeError('odd')
      return original(body, ...given)
    }),
  },
  {
    what: 'invariant 5: a response that comes after its callers have gone is dropped',
    noticed: /invariant [35]: |used twice/,
    mutation: replacing<typeof storeRefresh>(
      'storeRefresh',
      (original) =>
        async (context, session, response, sentAtMs, ...given) => {
          if (context.clock.now() - sentAtMs < 10_000)
            await original(context, session, response, sentAtMs, ...given)
        },
    ),
  },
  {
    what: 'invariant 5: a response is stored over what the store has by now',
    firstSeed: 210,
    noticed: /written again|written back|over a|invariant \d|two tokens/,
    mutation: replacing<typeof sameGeneration>(
      'sameGeneration',
      () => (stored) => (isLive(stored) ? stored : undefined),
    ),
  },
  {
    what: 'invariant 6: a server that is down ends the session',
    firstSeed: 50,
    noticed: /invariant 6: .* which did not happen/,
    mutation: lyingPorts(({ fetch }) => ({
      fetch: async (...given) => {
        const response = await fetch(...given)
        return response.status === 503 ? json({ error: 'invalid_grant' }, 400) : response
      },
    })),
  },
  {
    what: 'invariant 6: one vague refusal ends the session',
    noticed: /invariant 6: .*"refresh_rejected", which did not happen/,
    mutation: replacing<typeof isRejectedForGood>('isRejectedForGood', () => () => true),
  },
  {
    what: 'invariant 6: a response that was lost is not noted',
    firstSeed: 385,
    noticed: /invariant 6: .* though a response was lost/,
    mutation: replacing<typeof sendRefresh>(
      'sendRefresh',
      (original) => (context, metadata, lease, target) => {
        const { isResponseLost: _, ...session } = lease.session
        return original(context, metadata, { ...lease, session }, target)
      },
    ),
  },
  {
    what: 'invariant 7: the next attempt follows a failure at once',
    noticed: /invariant 7: .* after a failure/,
    mutation: replacing<typeof afterFailure>(
      'afterFailure',
      (original) => (before, failure, now, random) => ({
        ...original(before, failure, now, random),
        retryAtMs: now,
      }),
    ),
  },
  {
    what: 'invariant 7: Retry-After does not count',
    firstSeed: 55,
    noticed: /invariant 7: .* asked to wait/,
    mutation: replacing<typeof afterFailure>(
      'afterFailure',
      (original) =>
        (before, failure, ...given) =>
          original(before, { ...failure, retryAfterMs: 0 }, ...given),
    ),
  },
  {
    what: 'invariant 7: tokens that live a second are renewed at once',
    firstSeed: 40,
    noticed: /invariant 7: .* twice in a second/,
    mutation: replacing<typeof notBeforeMs>('notBeforeMs', () => () => 0),
  },
  {
    what: 'invariant 9: a tab shows the session again that it signed out of',
    noticed: /invariant 9: /,
    mutation: replacing<typeof markSignedOut>('markSignedOut', () => () => {}),
  },
  {
    what: 'invariant 9: tokens that were not stored outlive the sign-out of another tab',
    noticed: /invariant 9: /,
    mutation: replacing<typeof isOlderThanUnsaved>('isOlderThanUnsaved', (original) => (context, stored) => {
      const isEnd = stored && 'ended' in stored && !!context.state.session.replaces
      return isEnd || original(context, stored)
    }),
  },
  {
    what: 'invariant 9: signing out deletes the record',
    noticed: /"storage_cleared", which did not happen/,
    defects: { withoutTombstones: true },
  },
  {
    what: 'invariant 9: a callback does not heed a sign-out that came later',
    noticed: /a sign-in that was under way signs in again/,
    mutation: replacing<typeof storeSession>(
      'storeSession',
      (original) => (context, session, transaction) =>
        original(context, session, { ...transaction, redeemingFrom: Infinity }),
    ),
  },
  {
    what: 'invariant 10: the lock of a tab that cannot store its tokens does not count',
    firstSeed: 80,
    noticed: twoSenders,
    mutation: replacing<typeof isUnsavedElsewhere>('isUnsavedElsewhere', () => () => false),
  },
  {
    what: 'the generation: a tab takes over what is older',
    noticed: /generation \d+ after generation|invariant 3: /,
    mutation: replacing<typeof adopt>('adopt', (original) => (context, ...given) => {
      const { session } = context.state
      const { current } = session
      const older = current && { ...current, generation: current.generation % 1 }
      session.current = older
      original(context, ...given)
      if (session.current === older) session.current = current
    }),
  },
  {
    what: 'the order of reads: a late result of the disk counts',
    noticed: /that it had left|after/,
    mutation: replacing<typeof beginRead>('beginRead', () => () => () => true),
  },
  {
    what: 'the time-out: callers wait for the request itself',
    noticed: /waits for ever/,
    mutation: replacing<typeof withTimeout>('withTimeout', () => (_clock, work) => work),
  },
  {
    what: 'the silence about secrets: an event holds a token',
    noticed: /an event tells a secret/,
    mutation: replacing<typeof showSession>(
      'showSession',
      (original) =>
        (context, record, ...given) =>
          original(
            { ...context, emit: (event) => context.emit({ ...event, ...record.token }) },
            record,
            ...given,
          ),
    ),
  },
]

/** Most need a few. */
const maxSchedules = 3000

describe('the simulation notices a safeguard that is broken', () => {
  test.each(sample(brokenWays))('$what', async ({ mutation, defects = {}, firstSeed = 1, noticed }) => {
    const core = await loadCore(mutation && [mutation])
    let violation: string | undefined
    for (let seed = firstSeed; seed < firstSeed + maxSchedules && violation === undefined; seed++) {
      const outcome = await runSchedule({ core, seed, defects })
      violation = outcome.violation
    }
    expect(violation).toMatch(noticed)
  })
})
