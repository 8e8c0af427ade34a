// Many simulated tabs, random faults, virtual time: the shipped flows over simulated ports. A seed determines a
// schedule: what people do, what breaks, and which of all pending things happens next.
//
//   SIMULATION_RUNS=100000 npx vitest run --project simulation    that many schedules; default: 2,000, in npm run test:long 10,000
//   SIMULATION_SEED=4711 npx vitest run --project simulation      replays one schedule, and prints what happens in it
//   both                                                          that many schedules, from that seed on
//
// A schedule that fails is made smaller, and printed with its seed.
import { expect, test } from 'vitest'
import type { Defects } from './fixtures.ts'
import type { Core } from './load-core.ts'
import { loadCore } from './load-core.ts'
import { faultsAfter, faultsBefore } from './network.ts'
import { runSchedule } from './run-schedule.ts'
import { createTally, type Tally } from './tally.ts'
import { overlapping, replaced } from './watch-requests.ts'

const { SIMULATION_RUNS, SIMULATION_SEED, TEST_LONG } = process.env
const isReplay = SIMULATION_SEED !== undefined && SIMULATION_RUNS === undefined
const firstSeed = Number(SIMULATION_SEED ?? (TEST_LONG ? Math.trunc(Math.random() * 2 ** 31) : 1))
const wholeRuns = 10_000
const runs = isReplay ? 1 : Number(SIMULATION_RUNS ?? (TEST_LONG ? wholeRuns : 2_000))
const sameSchedules = `SIMULATION_SEED=${firstSeed} SIMULATION_RUNS=${runs}`
/** More than a slow and busy machine needs for one schedule. */
const mostMsPerRun = 60

const print = (text: string) => void process.stdout.write(`${text}\n`)

function report(tally: Tally, steps: number, elapsedMs: number): string {
  const counts = [...tally.counts()].sort(([a], [b]) => a.localeCompare(b))
  return [
    ...counts.map(([what, count]) => `${String(count).padStart(9)} ${what}`),
    `${runs} schedules, ${steps} steps, ${Math.round((runs / elapsedMs) * 1000)} schedules a second, ${sameSchedules}`,
  ].join('\n')
}

test(
  `${isReplay ? `schedule ${firstSeed} breaks` : `${runs} schedules of tabs and faults break`} no promise`,
  async () => {
    const core = await loadCore()
    const tally = createTally()
    for (const violation of [overlapping, replaced]) tally.count(violation, 0)
    const trace: string[] | undefined = isReplay ? [] : undefined
    const began = performance.now()
    let steps = 0
    for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
      const outcome = await runSchedule({ core, seed, tally, ...(trace && { trace }) })
      steps += outcome.steps
      if (trace) print(trace.join('\n'))
      if (outcome.violation !== undefined) throw new Error(await explainFailure(core, seed))
    }
    print(report(tally, steps, performance.now() - began))
    // Fewer schedules may miss something rare.
    if (runs >= wholeRuns)
      expect(
        expected.filter((what) => !tally.counts().has(what)),
        sameSchedules,
      ).toEqual([])
  },
  Math.max(300_000, runs * mostMsPerRun),
)

test('a seed determines everything that happens', async () => {
  const core = await loadCore()
  const traces = []
  for (const seed of [firstSeed, firstSeed + 1, firstSeed, firstSeed + 1]) {
    const trace: string[] = []
    await runSchedule({ core, seed, trace })
    traces.push(trace.join('\n'))
  }
  expect(traces.slice(2)).toEqual(traces.slice(0, 2))
})

/** What must have happened at least once in ten thousand schedules, or they prove less than they say. */
const expected: readonly string[] = [
  ...[...faultsBefore, ...faultsAfter].map((fault) => `network: ${fault}`),
  'network: offline',
  'disk: read fails',
  'disk: write fails before it began',
  'disk: write fails when it commits',
  'disk: write happens but is reported as failed',
  'disk: write is tried again',
  'disk: write of a response fails',
  'disk: operation is slow',
  'disk: cleared',
  'message: lost',
  'message: late',
  'lock: refused',
  'lock: timed out',
  'clock: set back',
  'clock: set forward',
  'clock: the machine slept',
  'clock: minutes ahead of the server',
  'clock: minutes behind the server',
  'page: killed',
  'page: killed while it refreshed',
  'page: reloaded',
  'page: reloaded while it refreshed',
  'page: frozen',
  'page: frozen while it refreshed',
  'page: thawed',
  'page: hidden',
  'page: shown',
  'page: throttled',
  'client: disposed and started again',
  'lease: written under the lock',
  'lease: written without the lock',
  'lease: written anew by its owner',
  'lease: taken over from a dead page',
  'lease: taken over from a frozen page',
  'lease: taken over from a silent page',
  'refresh token sent: first',
  'refresh token sent: after a failure',
  'refresh token sent: after a DPoP nonce',
  'refresh token sent: after its sender was gone',
  'refresh token sent: after the limit',
  'refresh token sent: after the limit, by another tab',
  'refresh token sent: not rotated',
  'response: stored',
  'response: another token stored',
  'response: asks for a DPoP nonce',
  'response: asks to wait',
  'response: Retry-After is over',
  'response: adopted from another tab',
  'response: late',
  'response: late failure',
  'response: late, and stored',
  'response: after the limit',
  'response: never stored',
  'call: getAccessToken for another resource',
  'event: token-added',
  'server: reuse detected',
  'server: grants revoked by an administrator',
  'server: another issuer named',
  'server: odd members in responses',
  'sign-in: granted',
  'sign-in: denied',
  'sign-in: left by the back button',
  'session: replaced in the store',
  'session: replaced in a tab',
  'session: ended with signed out',
  'session: ended with invalid_grant',
  'session: ended with refresh_response_lost',
  'session: ended with refresh_rejected',
  'session: ended with storage_cleared',
  'session: ended with session_expired',
  'tombstone: signed out',
  'tombstone: invalid_grant',
  'tombstone: refresh_response_lost',
  'tombstone: refresh_rejected',
  'tombstone: session_expired',
]

const longestTrace = 150

/** Leaves out all acts that a failing schedule does not need. @returns the other acts, and the end of the trace */
async function explainFailure(core: Core, seed: number, defects: Defects = {}): Promise<string> {
  const { acts } = await runSchedule({ core, seed, defects })
  const without = new Set<number>()
  for (const [number] of [...acts].reverse()) {
    without.add(number)
    const { violation } = await runSchedule({ core, seed, defects, without })
    if (violation === undefined) without.delete(number)
  }
  const trace: string[] = []
  const { violation, acts: left } = await runSchedule({ core, seed, defects, without, trace })
  return [
    ...trace.slice(-longestTrace),
    `What was done (${left.length} of ${acts.length} acts are needed):`,
    ...left.map(([number, act]) => `  ${number}: ${act}`),
    `Seed ${seed}: ${violation}`,
    `Replay: SIMULATION_SEED=${seed} npx vitest run --project simulation`,
  ].join('\n')
}
