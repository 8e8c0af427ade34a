import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { errorTable } from '../../../packages/core/src/error-table.ts'
import { DOCUMENT, errorsDocument } from '../../../scripts/errors.mjs'

const text = readFileSync(DOCUMENT, 'utf8')

test('docs/errors.md is what scripts/errors.mjs makes of the table', async () => {
  expect(text).toBe(await errorsDocument())
})

test.each(Object.entries(errorTable))(
  'docs/errors.md tells of %s once: what happened and what to do',
  (code, row) => {
    const lines = text.split('\n').filter((line) => line.startsWith(`| \`${code}\` |`))
    expect(lines).toEqual([expect.stringContaining(row[2])])
    expect(lines[0]).toContain(row[3])
  },
)
