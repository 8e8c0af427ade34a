import { expect, test } from 'vitest'
import type { Finding } from '../../../../packages/core/src/finding.ts'
import { type Circumstances, diagnosed } from './support/diagnosis.ts'

/** Circumstances, and what a check finds in them. */
export type Case = readonly [title: string, given: Circumstances, result: Finding['result'], sentence: RegExp]

/** One test per case. Call it inside a `describe`. */
export function testCases(check: Finding['check'], cases: readonly Case[], common: Circumstances = {}): void {
  test.each(cases)('%s', async (_title, given, result, sentence) => {
    const finding = (await diagnosed({ ...common, ...given })).one(check)
    expect(finding).toMatchObject({ result, sentence: expect.stringMatching(sentence) })
    if (result === 'problem') expect(finding.remedy).toMatch(/^[A-Z].*\.$/)
  })
}
