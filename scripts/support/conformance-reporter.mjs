import { writeFileSync } from 'node:fs'
import { conformanceDocument, conformanceTable } from '../conformance.mjs'

/**
 * Prints what came of the statements of `test/conformance`, where any were run, and writes the document that
 * `CONFORMANCE_DOCUMENT` names if all of them hold everywhere.
 */

/** Vitest makes one from the path in its configuration or on its command line. */
export default class ConformanceReporter {
  /** @param {readonly import('vitest/node').TestModule[]} modules */
  onTestRunEnd(modules) {
    const rows = rowsOf(modules)
    if (rows.length === 0) return
    console.log(['', ...conformanceTable(rows), ''].join('\n'))
    const path = process.env.CONFORMANCE_DOCUMENT
    if (path && rows.every(({ node, chromium }) => node === 'holds' && chromium === 'holds')) {
      writeFileSync(path, conformanceDocument(rows))
    }
  }
}

/**
 * @param {readonly import('vitest/node').TestModule[]} modules
 * @returns {import('../conformance.mjs').Row[]}
 */
function rowsOf(modules) {
  /** @type {Map<string, import('../conformance.mjs').Row>} */
  const rows = new Map()
  for (const module of modules) {
    const place = module.project.name.startsWith('browser') ? 'chromium' : 'node'
    for (const test of module.children.allTests()) {
      // What `test/conformance/statement-tests.ts` put there.
      const { statement } = /** @type {{ statement?: import('../conformance.mjs').Row }} */ (test.meta())
      const result = test.result().state === 'passed' ? 'holds' : 'broken'
      if (statement) rows.set(statement.id, { ...statement, ...rows.get(statement.id), [place]: result })
    }
  }
  return [...rows.values()]
}
