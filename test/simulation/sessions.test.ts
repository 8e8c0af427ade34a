// Many simulated tabs, random faults, virtual time: the shipped flows over simulated ports. A seed determines a
// schedule: what people do, what breaks, and which of all pending things happens next.
//
//   SIMULATION_RUNS=100000 npx vitest run --project simulation    that many schedules; default: 2,000, in npm run test:long 10,000
//   SIMULATION_SEED=4711 npx vitest run --project simulation      replays one schedule, and prints what happens in it
//   both                                                          that many schedules, from that seed on
//
// A schedule that fails is made smaller, and printed with its seed.
import { expect, test } from 'vitest'
import { expected } from './expected.ts'
import { explainFailure } from './explain.ts'
import { loadCore } from './load-core.ts'
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
