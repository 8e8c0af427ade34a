import { describe, expect, test } from 'vitest'
import { brokenWays } from './broken.ts'
import { loadCore } from './load-core.ts'
import { runSchedule } from './run-schedule.ts'

/** The rarest needs about five hundred. */
const mostSchedules = 3000

describe('the simulation notices when somebody breaks', () => {
  test.each(brokenWays)('$what', async ({ mutations = [], defects = {}, noticed }) => {
    const core = await loadCore(mutations)
    let violation: string | undefined
    for (let seed = 1; seed <= mostSchedules && violation === undefined; seed++) {
      const outcome = await runSchedule({ core, seed, defects })
      violation = outcome.violation
    }
    expect(violation).toMatch(noticed)
  })
})
