import { expect } from 'vitest'

/** How many cases of each kind `npm test` makes up: a hundred thousand in all. */
export const cases = {
  'callback URLs': 30_000,
  'return paths': 30_000,
  'stored records': 25_000,
  'token answers': 15_000,
} as const

/** Counts the cases of one kind that really ran. */
export interface CaseCount {
  /** @param share of the cases of this kind */
  readonly runs: (share: number) => number
  readonly count: () => void
  /** Says how many ran. @throws if there were not as many as there should be */
  readonly conclude: () => void
}

export function countCases(kind: keyof typeof cases): CaseCount {
  let ran = 0
  return {
    runs: (share) => Math.round(cases[kind] * share),
    count: () => {
      ran += 1
    },
    conclude: () => {
      process.stdout.write(`${ran} made-up ${kind}\n`)
      expect(ran, `cases of ${kind}`).toBe(cases[kind])
    },
  }
}
