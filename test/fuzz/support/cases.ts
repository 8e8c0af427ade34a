import { expect } from 'vitest'
import { sameCases } from '../../support/fast-check.ts'

const { FUZZ_RUNS, TEST_LONG } = process.env

/** The number of cases of all kinds together. */
const runsOfAll = Number(FUZZ_RUNS ?? (TEST_LONG ? 100_000 : 20_000))

const shares = {
  'callback URLs': 0.3,
  'return paths': 0.3,
  'stored records': 0.25,
  'token answers': 0.15,
} as const

/** Counts the cases of one kind that really ran. */
export interface CaseCount {
  /** @param share of the cases of this kind */
  readonly runs: (share: number) => number
  readonly count: () => void
  /** Prints the number of cases that ran. @throws if there were not as many as were asked for */
  readonly conclude: () => void
}

export function countCases(kind: keyof typeof shares): CaseCount {
  let wanted = 0
  let ran = 0
  return {
    runs: (share) => {
      const runs = Math.round(runsOfAll * shares[kind] * share)
      wanted += runs
      return runs
    },
    count: () => {
      ran += 1
    },
    conclude: () => {
      process.stdout.write(`${ran} made-up ${kind}, ${sameCases}\n`)
      expect(ran, `cases of ${kind}`).toBe(wanted)
    },
  }
}
