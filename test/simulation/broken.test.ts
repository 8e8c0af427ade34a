import { describe, expect, test } from 'vitest'
import { brokenWays } from './broken.ts'
import { loadCore } from './load-core.ts'
import { runSchedule } from './run-schedule.ts'

/** Most need a few. */
const maxSchedules = 3000

describe('the simulation notices a safeguard that is broken', () => {
  test.each(brokenWays)('$what', async ({ mutation, defects = {}, firstSeed = 1, noticed }) => {
    const core = await loadCore(mutation && [mutation])
    let violation: string | undefined
    for (let seed = firstSeed; seed < firstSeed + maxSchedules && violation === undefined; seed++) {
      const outcome = await runSchedule({ core, seed, defects })
      violation = outcome.violation
    }
    expect(violation).toMatch(noticed)
  })
})
