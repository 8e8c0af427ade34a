import type { Mutation } from '../support/mutated-core.ts'
import type { Defects } from './stage.ts'

/** One safeguard that is taken away: in core, by changing a line of it, or in the world that it runs in. */
export interface Broken {
  readonly what: string
  readonly mutations?: readonly Mutation[]
  readonly defects?: Defects
  /** Where to begin to look for what is rare: it is noticed a little later. @default 1 */
  readonly firstSeed?: number
  /** What the witness says of it. */
  readonly noticed: RegExp
}

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
    mutations: [
      {
        file: 'model/lease.ts',
        find: `return lease.attemptId === abandoned ? 'claim' : 'wait'`,
        replace: `return 'claim'`,
      },
    ],
  },
  {
    what: 'the age of a lease: others take it over at once',
    noticed: /sends \S+ again while/,
    mutations: [
      {
        file: 'flows/claim.ts',
        find: 'clock.elapsedMs() - sinceMs > options.refreshTimeoutMs + leaseMarginMs',
        replace: 'true',
      },
    ],
  },
  {
    what: 'the freshness of a lease: its owner sends whenever',
    noticed: /sends \S+ (again while|under the lease)|used twice/,
    mutations: [
      {
        file: 'flows/send-refresh.ts',
        find: 'clock.elapsedMs() - sinceMs > leaseMarginMs',
        replace: 'false',
      },
    ],
  },
  {
    what: 'the lock while a request is out: it is let go early',
    noticed: /again while|used twice/,
    mutations: [{ file: 'flows/renew.ts', find: 'await Promise.all(onTheWire)', replace: '' }],
  },
  {
    what: 'the compare-and-swap: an update writes over what came in between',
    noticed: /again while|under the lease|ended is written again/,
    defects: { withoutCompareAndSwap: true },
  },
  {
    what: 'the comparison: an answer is stored without the lease',
    noticed: /written again|written back|as one generation/,
    mutations: [
      {
        file: 'flows/commit.ts',
        find: 'if (!ownsLease(stored, record)) return undefined',
        replace: '',
      },
    ],
  },
  {
    what: "a token for another resource: it takes the place of the session's own",
    noticed: /for another resource|is stored with a token for/,
    mutations: [
      {
        file: 'flows/commit.ts',
        find: '...(wanted ? { ...rest, others: withOther(record, wanted, got, sentAtMs) } : { ...own, ...got }),',
        replace: '...own, ...got,',
      },
    ],
  },
  {
    what: 'a token for another resource: whatever was stored is taken for it',
    noticed: /for another resource/,
    mutations: [
      { file: 'model/other-tokens.ts', find: '.find(([key]) => key === wanted.key)', replace: '[0]' },
    ],
  },
  {
    what: 'the epoch guard: a tab claims for another session than the stored one',
    noticed: /an older session is written over a newer one|used twice/,
    mutations: [{ file: 'model/lease.ts', find: ' || seen.epoch !== held.epoch', replace: '' }],
  },
  {
    what: 'the epoch guard: a tab goes back to the session it left',
    noticed: /a session again that it had left/,
    mutations: [
      { file: 'flows/adopt.ts', find: 'if (record.epoch === state.leftEpoch) return', replace: '' },
    ],
  },
  {
    what: 'the generation guard: a tab takes over what is older',
    noticed: /generation \d+ after generation|again while/,
    mutations: [
      { file: 'flows/adopt.ts', find: '&& record.generation <= held.generation', replace: '&& false' },
    ],
  },
  {
    what: 'the order of looks: a late answer of the disk counts',
    noticed: /a session again that it had left|after/,
    mutations: [{ file: 'flows/adopt.ts', find: 'if (look < state.lastLook) return false', replace: '' }],
  },
  {
    what: 'the tombstone: signing out deletes the record',
    noticed: /"storage_cleared", which did not happen/,
    defects: { withoutTombstones: true },
  },
  {
    what: 'the tombstone: a callback does not heed it',
    noticed: /a sign-in that was under way signs in again/,
    mutations: [
      { file: 'flows/commit-session.ts', find: 'seen.generation > redeemingFrom', replace: 'false' },
    ],
  },
  {
    what: 'the word of an owner that cannot store its answer: nobody heeds it',
    noticed: /used twice though no answer was lost|again while/,
    firstSeed: 4500,
    mutations: [{ file: 'flows/claim.ts', find: 'heard.generation > held.generation', replace: 'false' }],
  },
  {
    what: 'the fault policy: every failure ends the session',
    noticed: /which did not happen/,
    mutations: [
      {
        file: 'flows/send-refresh.ts',
        find: `if (error.code !== 'invalid_grant') {`,
        replace: 'if (false) {',
      },
    ],
  },
  {
    what: 'the time-out: callers wait for the request itself',
    noticed: /waits for ever/,
    mutations: [
      {
        file: 'flows/within.ts',
        find: "reject(new TelnyxAuthError('refresh_pending'))",
        replace: 'undefined',
      },
    ],
  },
  {
    what: 'the silence about secrets: an event holds a token',
    noticed: /an event tells a secret/,
    mutations: [
      { file: 'flows/adopt.ts', find: 'by, expiresAtMs: token.expiresAtMs })', replace: 'by, ...token })' },
    ],
  },
]
