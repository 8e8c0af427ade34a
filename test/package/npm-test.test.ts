import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { runNode } from '../support/run-node.ts'
import { ROOT } from '../support/source-files.ts'

const IMPORT = `import { beforeAll, describe, it } from 'vitest'\n`
const PASSES = `it('passes', () => {})\n`

it('ends with the count, without skips when there are none', async () => {
  const { code, lines } = await npmTest({ 'a.test.ts': PASSES })
  expect(lines.at(-1)).toBe('1 passed, 0 failed')
  expect(code).toBe(0)
})

it('tells the reason of each skip', async () => {
  const { code, lines } = await npmTest({
    'a.test.ts': `${PASSES}it('waits', (context) => context.skip('no moon'))`,
  })
  expect(lines.at(-1)).toBe('1 passed, 0 failed, 1 skipped')
  expect(lines).toContainEqual(expect.stringMatching(/^Skipped: .*waits: no moon$/))
  expect(code).toBe(0)
})

const FAILURES: readonly [title: string, text: string, failure: RegExp][] = [
  ['a failed test', `it('fails', () => { throw new Error('why') })`, /> fails: why$/],
  ['a skip without a reason', `it.skip('skips', () => {})`, /> skips \(skipped without a reason\)$/],
  ['a test left to do', `it.todo('later')`, /> later \(skipped without a reason\)$/],
  [
    'a hook that failed',
    `describe('s', () => { beforeAll(() => { throw new Error() }); it('t', () => {}) })`,
    /> s$/,
  ],
  ['a file that does not load', `import './nowhere.ts'`, /4\.test\.ts$/],
  ['a file without tests', 'export {}', /5\.test\.ts$/],
  [
    'an error nobody caught',
    `it('t', () => { Promise.reject(new Error('stray')) })`,
    /unhandled error: stray$/,
  ],
  ['a worker that died', `it('dies', () => process.exit(0))`, /> dies: process.exit/],
  [
    'a worker that was killed',
    `it('t', () => new Promise(() => process.kill(process.pid, 'SIGKILL')))`,
    /8\.test\.ts.*never finished/,
  ],
]

// Starting Vitest is slow: one run has them all.
describe('beside a test that passed', () => {
  let outcome: Outcome
  beforeAll(async () => {
    const files = FAILURES.map(([, text], index) => [`${index}.test.ts`, text] as const)
    outcome = await npmTest({ 'passes.test.ts': PASSES, ...Object.fromEntries(files) })
  })

  it.each(FAILURES)('%s counts as a failure', (_title, _text, failure) => {
    expect(outcome.lines.filter((line) => line.startsWith('Failed: '))).toContainEqual(
      expect.stringMatching(failure),
    )
  })

  it('the last line has the count of all', () => {
    const failures = outcome.lines.filter((line) => line.startsWith('Failed: '))
    expect(outcome.lines.at(-1)).toMatch(new RegExp(`^[1-9] passed, ${failures.length} failed$`))
    expect(failures.length).toBeGreaterThanOrEqual(FAILURES.length)
    expect(outcome.code).toBe(1)
  })
})

it('counts a run without any test as a failure', async () => {
  const { code, lines } = await npmTest({})
  expect(lines.slice(-2)).toEqual(['Failed: no test was run', '0 passed, 1 failed'])
  expect(code).toBe(1)
})

interface Outcome {
  readonly code: number
  readonly lines: readonly string[]
}

/** Runs the tests of a folder as `npm test` runs those of the repository. */
async function npmTest(files: Readonly<Record<string, string>>): Promise<Outcome> {
  mkdirSync(join(ROOT, 'test-results'), { recursive: true })
  const folder = mkdtempSync(join(ROOT, 'test-results', 'planted-'))
  // Without one of its own, Vitest would look upwards and find the repository's.
  writeFileSync(join(folder, 'vitest.config.ts'), 'export default {}')
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), IMPORT + text)
  try {
    const { code, stdout } = await runNode(['scripts/test.mjs', '--root', folder])
    return { code, lines: stdout.trimEnd().split('\n') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
