// node scripts/conformance.mjs: holds core against every statement, in Node and in Chromium, prints the results and
// writes docs/conformance.md from them, if every statement holds.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runNode } from './support/child.mjs'
import { ensureBrowsers, ensureDependencies, ROOT } from './support/install.mjs'

export const DOCUMENT = join(ROOT, 'docs', 'conformance.md')

const SUITES = ['test/conformance/statements.test.ts', 'test/browser/conformance/statements.test.ts']

const FAMILIES = {
  B: 'RFC 10017: OAuth 2.0 for browser-based applications',
  S: 'RFC 9700: best current practice for OAuth 2.0 security',
  D: 'OAuth 2.1, draft 16',
  N: 'Neighbours',
}

const INTRODUCTION = [
  '<!-- Written by scripts/conformance.mjs from the results of a run. Do not edit. -->',
  '',
  '# Conformance of `@telnyx-oauth/core`',
  '',
  'What the standards ask of an OAuth client in a browser, statement by statement, in our own words. Each one is a test: core',
  'runs against a server that misbehaves in exactly the way which the statement is about, in Node and inside Chromium, and',
  'what it sent is counted at the server. The table holds the results of the last run. What the standards ask of those who',
  'deploy an app, beyond what core can keep to, is guidance in [SECURITY.md](../SECURITY.md): no test proves it.',
  '',
  'A test that cannot fail shows nothing. So `test/conformance/mutations.test.ts` breaks core once for each statement, by',
  'replacing one of its exports or a port, and demands that the test of this statement fails.',
  '',
  '```sh',
  'node scripts/conformance.mjs                          # both columns; prints the table and writes this page',
  'npm test -- --project conformance                     # in Node, and every statement once more with core broken',
  'TEST_LONG=1 npm test -- --project conformance         # and that at most one in ten of the others fails with it',
  '```',
  '',
  'RFC 10017 is cited by the sections of its last draft. S2 is B2, N8 is D4 and B14.',
]

/** @param {string} text */
const cell = (text) => text.replace(/\s+/g, ' ').replaceAll('|', '\\|')

/**
 * What a run tells of one statement; `node` and `chromium` are missing where it was not run.
 *
 * @typedef {{ id: string, title: string, source: string, node?: string, chromium?: string }} Row
 */

/**
 * The table that a run prints.
 *
 * @param {readonly Row[]} rows
 */
export function conformanceTable(rows) {
  const lines = rows.map(
    ({ id, title, source, node, chromium }) =>
      `| ${id} | ${cell(title)} | ${cell(source)} | ${node ?? '–'} | ${chromium ?? '–'} |`,
  )
  return ['| id | statement | source | Node | Chromium |', '| --- | --- | --- | --- | --- |', ...lines]
}

/**
 * The text of `docs/conformance.md`.
 *
 * @param {readonly Row[]} rows
 */
export function conformanceDocument(rows) {
  const sections = Object.entries(FAMILIES).flatMap(([letter, name]) => {
    const own = rows.filter(({ id }) => id.startsWith(letter))
    return ['', `## ${name}`, '', ...conformanceTable(own)]
  })
  return [...INTRODUCTION, ...sections, ''].join('\n')
}

async function run() {
  ensureDependencies()
  await ensureBrowsers(['chromium'])
  const reporter = `--reporter=${join(ROOT, 'scripts/support/conformance-reporter.mjs')}`
  const projects = ['--project', 'conformance', '--project', 'browser']
  process.exitCode = await runNode(
    ['node_modules/vitest/vitest.mjs', 'run', '--reporter=default', reporter, ...projects, ...SUITES],
    { CONFORMANCE_DOCUMENT: DOCUMENT },
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run()
