import type { Defects } from './fixtures.ts'
import type { Core } from './load-core.ts'
import { runSchedule } from './run-schedule.ts'

const longestTrace = 150

/**
 * Leaves out whatever a failing schedule fails without, and tells the rest: what was done, and what happened last.
 *
 * @returns text for a person
 */
export async function explainFailure(core: Core, seed: number, defects: Defects = {}): Promise<string> {
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
