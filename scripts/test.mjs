// npm test: every suite, in Node and in a browser. npm run test:long: what npm test runs a part of, in its whole amount
// and with fresh seeds. Both install what a fresh clone lacks; arguments go on to Vitest.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runNode } from './support/child.mjs'
import { ensureBrowsers, ensureDependencies, ROOT } from './support/install.mjs'

/** The tests that read `TEST_LONG`, and the suite that breaks core on purpose. */
const LONG_TESTS = [
  'test/simulation',
  'test/fuzz',
  'test/conformance/mutations',
  'test/package/next',
  'test/journeys/storm',
  'test/journeys/faults',
  'test/journeys/copied-tab',
  'test/journeys/shared-worker',
  'test/journeys/popup-opener-policy',
  'test/journeys/playwright-recipe',
  'test/journeys/console-refusals',
]

const isLong = process.argv[2] === '--long'
const given = process.argv.slice(isLong ? 3 : 2)
const args = isLong && given.length === 0 ? LONG_TESTS : given
const started = Date.now()
const summary = await run().catch((error) => ({
  passed: 0,
  failures: [error.message],
  skips: [],
  projects: {},
}))
report(summary)
process.exitCode = summary.failures.length > 0 ? 1 : 0

/** @returns {Promise<import('./support/summary-reporter.mjs').Summary>} */
async function run() {
  ensureDependencies()
  await ensureBrowsers(neededBrowsers())
  // The compiler needs one core for a while; the tests leave one idle often enough.
  const [types, tests] = await Promise.all([args.length === 0 ? checkTypes() : undefined, runTests()])
  if (types === undefined) return tests
  return types
    ? { ...tests, passed: tests.passed + 1, projects: { types: 1, ...tests.projects } }
    : { ...tests, failures: ['types', ...tests.failures] }
}

/** @returns {import('./support/browsers.mjs').BrowserName[]} */
function neededBrowsers() {
  // The other engines are some 200 MB: installed for a run of everything, or for one that names them.
  const wantsEngines = args.length === 0 || args.some((arg) => /firefox|webkit|engines/.test(arg))
  /** @type {import('./support/browsers.mjs').BrowserName[]} */
  const chromiums = process.env.CHROME_PATH ? ['chromium'] : ['chromium', 'headless-shell']
  return wantsEngines ? [...chromiums, 'firefox', 'webkit'] : chromiums
}

async function checkTypes() {
  console.log('Checking types (tsc) …')
  for (const project of ['.', 'scripts']) {
    const code = await runNode(['node_modules/typescript/bin/tsc', '--noEmit', '-p', project])
    if (code !== 0) return false
  }
  return true
}

/** @returns {Promise<import('./support/summary-reporter.mjs').Summary>} */
async function runTests() {
  const folder = mkdtempSync(join(tmpdir(), 'telnyx-oauth-test-'))
  const summaryFile = join(folder, 'summary.json')
  try {
    const reporters = [
      '--reporter=default',
      ...['conformance', 'summary'].map(
        (name) => `--reporter=${join(ROOT, `scripts/support/${name}-reporter.mjs`)}`,
      ),
    ]
    const code = await runNode(['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...args], {
      TEST_SUMMARY_FILE: summaryFile,
      ...(isLong && { TEST_LONG: '1' }),
    })
    const tests = readSummary(summaryFile)
    if (tests.passed + tests.failures.length === 0) tests.failures.push('no test was run')
    else if (code !== 0 && tests.failures.length === 0)
      tests.failures.push(`vitest ended with exit code ${code}`)
    return tests
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * @param {string} path
 * @returns {import('./support/summary-reporter.mjs').Summary}
 */
function readSummary(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return { passed: 0, failures: ['vitest ended before it had run the tests'], skips: [], projects: {} }
  }
}

/** @param {import('./support/summary-reporter.mjs').Summary} summary */
function report({ passed, failures, skips, projects }) {
  const perProject = Object.entries(projects).map(([name, count]) => `${name} ${count}`)
  if (perProject.length > 0)
    console.log(`Passed: ${perProject.join(', ')} (${Math.round((Date.now() - started) / 1000)} s)`)
  for (const { title, reason } of skips) console.log(`Skipped: ${title}: ${reason}`)
  for (const failure of failures) console.log(`Failed: ${failure}`)
  console.log(
    [
      `${passed} passed`,
      `${failures.length} failed`,
      ...(skips.length > 0 ? [`${skips.length} skipped`] : []),
    ].join(', '),
  )
}
