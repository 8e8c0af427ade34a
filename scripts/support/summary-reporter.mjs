import { writeFileSync } from 'node:fs'

/**
 * What `npm test` counts: Vitest's results as data, written to the file that `TEST_SUMMARY_FILE` names.
 *
 * @typedef {{ passed: number, failures: string[], skips: { title: string, reason: string }[], projects: Record<string, number> }} Summary
 */

/** Vitest makes one from the path on its command line. */
export default class SummaryReporter {
  /** @param {import('vitest/node').Vitest} vitest */
  onInit(vitest) {
    this.isFiltered = vitest.config.testNamePattern !== undefined
  }

  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly { message?: string }[]} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    /** @type {Summary} */
    const summary = { passed: 0, failures: [], skips: [], projects: {} }
    for (const module of modules) this.addModule(summary, module)
    for (const error of unhandledErrors) summary.failures.push(`unhandled error: ${error.message ?? error}`)
    const path = process.env.TEST_SUMMARY_FILE
    if (path) writeFileSync(path, JSON.stringify(summary))
  }

  /**
   * @param {Summary} summary
   * @param {import('vitest/node').TestModule} module
   */
  addModule(summary, module) {
    const file = `${module.project.name} ${module.relativeModuleId}`
    if (module.errors().length > 0) summary.failures.push(file)
    for (const suite of module.children.allSuites()) {
      if (suite.errors().length > 0) summary.failures.push(`${file} > ${suite.fullName}`)
    }
    for (const test of module.children.allTests()) {
      const title = `${file} > ${test.fullName}`
      const { state, note, errors } = { note: undefined, ...test.result() }
      summary.projects[module.project.name] =
        (summary.projects[module.project.name] ?? 0) + (state === 'passed' ? 1 : 0)
      if (state === 'passed') summary.passed += 1
      else if (state === 'failed') summary.failures.push(`${title}: ${firstLineOf(errors?.[0])}`)
      else if (state === 'pending') summary.failures.push(`${title} (never finished)`)
      else if (note) summary.skips.push({ title, reason: note })
      // Otherwise it was not chosen by `-t`, or a hook of its suite failed, which is counted above.
      else if (!this.isFiltered && !isInBrokenSuite(test))
        summary.failures.push(`${title} (skipped without a reason)`)
    }
  }
}

/** @param {{ message?: string } | undefined} error */
function firstLineOf(error) {
  return String(error?.message ?? 'no message').split('\n', 1)[0]
}

/** @param {import('vitest/node').TestCase} test */
function isInBrokenSuite(test) {
  /** @type {import('vitest/node').TestSuite | import('vitest/node').TestModule} */
  let parent = test.parent
  while (parent.type === 'suite' && parent.errors().length === 0) parent = parent.parent
  return parent.errors().length > 0
}
