import type { TabState } from '../../packages/core/src/context.ts'
import type { adopt, beginLook, showRecord } from '../../packages/core/src/flows/adopt.ts'
import type { claim } from '../../packages/core/src/flows/claim.ts'
import type { commitRefresh } from '../../packages/core/src/flows/commit.ts'
import type { commitSession } from '../../packages/core/src/flows/commit-session.ts'
import type { sendRefresh } from '../../packages/core/src/flows/send-refresh.ts'
import type { within } from '../../packages/core/src/flows/within.ts'
import type { decideClaim, ownsLease } from '../../packages/core/src/model/lease.ts'
import type { asSeenFor } from '../../packages/core/src/model/other-tokens.ts'
import type { LiveRecord } from '../../packages/core/src/model/record.ts'
import { lyingPorts } from '../support/lying-ports.ts'
import { json } from '../support/model-server.ts'
import { type Mutation, replacing } from '../support/mutation.ts'
import type { Defects } from './stage.ts'

/** One safeguard that is taken away: in core, by replacing one of its exports, or in the world that it runs in. */
export interface Broken {
  readonly what: string
  readonly mutation?: Mutation
  readonly defects?: Defects
  /** Where to begin to look: not far before a schedule that shows it, so that the default run is short. @default 1 */
  readonly firstSeed?: number
  /** What the witness says of it. */
  readonly noticed: RegExp
}

const isLive = (stored: unknown): stored is LiveRecord =>
  typeof stored === 'object' && stored !== null && 'token' in stored

/** The state of a tab that hears nothing of the others. */
const unheard = (state: TabState): TabState =>
  new Proxy(state, {
    get: (target, name) => (name === 'heard' ? undefined : Reflect.get(target, name)),
  })

/** Every safeguard of DESIGN.md section 5, taken away one at a time. */
export const brokenWays: readonly Broken[] = [
  {
    what: 'the lock: everyone gets it at once',
    noticed: /sends \S+ (again while|under the lease)/,
    defects: { withoutLocks: true },
  },
  {
    what: 'the lease: nobody heeds it',
    noticed: /sends \S+ again while/,
    mutation: replacing<typeof decideClaim>('decideClaim', (original) => (...given) => {
      const decision = original(...given)
      return decision === 'wait' ? 'claim' : decision
    }),
  },
  {
    what: 'the age of a lease: others take it over at once',
    noticed: /sends \S+ again while/,
    mutation: replacing<typeof claim>(
      'claim',
      (original) =>
        (context, ...given) =>
          original({ ...context, options: { ...context.options, requestTimeoutMs: -3000 } }, ...given),
    ),
  },
  {
    what: 'the freshness of a lease: its owner sends whenever',
    firstSeed: 135,
    noticed: /sends \S+ (again while|under the lease)|used twice/,
    mutation: replacing<typeof sendRefresh>(
      'sendRefresh',
      (original) =>
        (context, ...given) =>
          original({ ...context, clock: { ...context.clock, elapsedMs: () => 0 } }, ...given),
    ),
  },
  {
    what: 'the lock while a request is out: it is let go early',
    firstSeed: 25,
    noticed: /again while|used twice/,
    mutation: replacing<typeof sendRefresh>(
      'sendRefresh',
      (original) => (context, metadata, permit, onTheWire, wanted) => {
        const sent: Promise<unknown>[] = []
        return original(context, metadata, permit, sent, wanted).finally(() => {
          if (sent.length > 0) onTheWire.push(Promise.resolve())
        })
      },
    ),
  },
  {
    what: 'the compare-and-swap: an update writes over what came in between',
    noticed: /again while|under the lease|ended is written again/,
    defects: { withoutCompareAndSwap: true },
  },
  {
    what: 'the comparison: an answer is stored without the lease',
    firstSeed: 12,
    noticed: /written again|written back|as one generation/,
    mutation: replacing<typeof ownsLease>(
      'ownsLease',
      () =>
        (stored): stored is LiveRecord =>
          !!stored,
    ),
  },
  {
    what: "a token for another resource: it takes the place of the session's own",
    noticed: /for another resource|is stored with a token for/,
    mutation: replacing<typeof commitRefresh>(
      'commitRefresh',
      (original) => (context, record, answer, sentAtMs) => original(context, record, answer, sentAtMs),
    ),
  },
  {
    what: 'a token for another resource: whatever was stored is taken for it',
    firstSeed: 19,
    noticed: /for another resource/,
    mutation: replacing<typeof asSeenFor>('asSeenFor', (original) => (record, wanted) => {
      const [key = ''] = Object.keys(record.others ?? {})
      return original(record, wanted && { ...wanted, key })
    }),
  },
  {
    what: 'the epoch guard: a tab claims for another session than the stored one',
    firstSeed: 1270,
    noticed: /an older session is written over a newer one|used twice/,
    mutation: replacing<typeof decideClaim>(
      'decideClaim',
      (original) =>
        (stored, held, ...given) =>
          original(isLive(stored) ? { ...stored, epoch: held.epoch } : stored, held, ...given),
    ),
  },
  {
    what: 'the epoch guard: a tab goes back to the session it left',
    firstSeed: 36,
    noticed: /a session again that it had left/,
    mutation: replacing<typeof adopt>('adopt', (original) => (context, ...given) => {
      context.state.leftEpoch = undefined
      original(context, ...given)
    }),
  },
  {
    what: 'the generation guard: a tab takes over what is older',
    firstSeed: 300,
    noticed: /generation \d+ after generation|again while/,
    mutation: replacing<typeof adopt>('adopt', (original) => (context, ...given) => {
      const { state } = context
      const { held } = state
      const older = held && { ...held, generation: held.generation % 1 }
      state.held = older
      original(context, ...given)
      if (state.held === older) state.held = held
    }),
  },
  {
    what: 'the order of looks: a late answer of the disk counts',
    firstSeed: 23,
    noticed: /a session again that it had left|after/,
    mutation: replacing<typeof beginLook>('beginLook', () => () => () => true),
  },
  {
    what: 'the tombstone: signing out deletes the record',
    noticed: /"storage_cleared", which did not happen/,
    defects: { withoutTombstones: true },
  },
  {
    what: 'the tombstone: a callback does not heed it',
    firstSeed: 2975,
    noticed: /a sign-in that was under way signs in again/,
    mutation: replacing<typeof commitSession>(
      'commitSession',
      (original) => (context, session, transaction) =>
        original(context, session, { ...transaction, redeemingFrom: Infinity }),
    ),
  },
  {
    what: 'the word of an owner that cannot store its answer: nobody heeds it',
    firstSeed: 4750,
    noticed: /used twice though no answer was lost|again while/,
    mutation: replacing<typeof claim>(
      'claim',
      (original) =>
        (context, ...given) =>
          original({ ...context, state: unheard(context.state) }, ...given),
    ),
  },
  {
    what: 'the fault policy: every failure ends the session',
    firstSeed: 134,
    noticed: /which did not happen/,
    mutation: lyingPorts(({ fetch }) => ({
      fetch: async (...given) => {
        const response = await fetch(...given)
        return response.status === 503 ? json({ error: 'invalid_grant' }, 400) : response
      },
    })),
  },
  {
    what: 'the time-out: callers wait for the request itself',
    firstSeed: 71,
    noticed: /waits for ever/,
    mutation: replacing<typeof within>('within', () => (_clock, work) => work),
  },
  {
    what: 'the silence about secrets: an event holds a token',
    noticed: /an event tells a secret/,
    mutation: replacing<typeof showRecord>(
      'showRecord',
      (original) => (context, record, origin) =>
        original(
          { ...context, emit: (event) => context.emit({ ...event, ...record.token }) },
          record,
          origin,
        ),
    ),
  },
]
