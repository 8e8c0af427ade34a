import { describe, expect, test } from 'vitest'
import { brokenWays } from './broken.ts'
import { loadCore } from './load-core.ts'
import { runSchedule } from './run-schedule.ts'

/** Most need a handful. */
const mostSchedules = 3000

describe('the simulation notices when somebody breaks', () => {
  test.each(brokenWays)('$what', async ({ mutation, defects = {}, firstSeed = 1, noticed }) => {
    const core = await loadCore(mutation && [mutation])
    let violation: string | undefined
    for (let seed = firstSeed; seed < firstSeed + mostSchedules && violation === undefined; seed++) {
      const outcome = await runSchedule({ core, seed, defects })
      violation = outcome.violation
    }
    expect(violation).toMatch(noticed)
  })
})
