import { readFileSync } from 'node:fs'
import { TelnyxAuthError, type TelnyxAuthErrorCode } from '@telnyx-oauth/core'
import { developerHint, userMessage } from '@telnyx-oauth/core/messages'
import { expect, test } from 'vitest'
import { errorTable } from '../../../packages/core/src/error-table.ts'
import { DOCUMENT, errorsDocument } from '../../../scripts/errors.mjs'

const text = readFileSync(DOCUMENT, 'utf8')

test('docs/errors.md is what scripts/errors.mjs makes of the tables', async () => {
  expect(text).toBe(await errorsDocument())
})

test.each(Object.keys(errorTable) as TelnyxAuthErrorCode[])(
  'docs/errors.md has one line for %s, with the hint and the text for users',
  (code) => {
    const error = new TelnyxAuthError(code)
    const lines = text.split('\n').filter((line) => line.startsWith(`| \`${code}\` |`))
    expect(lines).toEqual([expect.stringContaining(`| ${developerHint(error)} | ${userMessage(error)} |`)])
  },
)
