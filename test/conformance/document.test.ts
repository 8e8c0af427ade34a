import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { conformanceDocument, DOCUMENT } from '../../scripts/conformance.mjs'
import { statements } from './statements.ts'

test('docs/conformance.md is what scripts/conformance.mjs writes when every statement holds', () => {
  const rows = statements.map((statement) => ({ ...statement, node: 'holds', chromium: 'holds' }))
  expect(readFileSync(DOCUMENT, 'utf8')).toBe(conformanceDocument(rows))
})
