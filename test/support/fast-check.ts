import fc from 'fast-check'

// A browser has no process.
const { FUZZ_SEED, TEST_LONG } = globalThis.process?.env ?? {}

/** The seed of all made-up cases of a file: fixed in `npm test`, a fresh one in `npm run test:long`. */
export const fuzzSeed: number = Number(FUZZ_SEED ?? (TEST_LONG ? Math.trunc(Math.random() * 2 ** 31) : 1))

/** The variables that make up the same cases again. */
export const sameCases: string = `${TEST_LONG ? 'TEST_LONG=1 ' : ''}FUZZ_SEED=${fuzzSeed}`

fc.configureGlobal({
  seed: fuzzSeed,
  reporter: (details) => {
    if (!details.failed) return
    const message = `${fc.defaultReportMessage(details)}\nThe same cases again: ${sameCases} npx vitest run`
    throw new Error(message, { cause: details.errorInstance })
  },
})

export { fc }
