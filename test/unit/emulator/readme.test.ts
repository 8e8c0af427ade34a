import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createCommand } from '../../../packages/emulator/src/command-line.ts'
import { OPTION_NAMES } from '../../../packages/emulator/src/option-rules.ts'

const readme = readFileSync(new URL('../../../packages/emulator/README.md', import.meta.url), 'utf8')
const options = readme.slice(readme.indexOf('## Options'), readme.indexOf('## Profiles'))

describe('the README', () => {
  test('lists every option once, and no other', () => {
    const listed = [...options.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)
    expect(listed.toSorted()).toEqual(OPTION_NAMES.toSorted())
  })

  test('names every flag of the command', () => {
    const flags = createCommand().options.map(({ long }) => long ?? '')
    expect(flags.filter((flag) => !readme.includes(flag))).toEqual([])
  })
})
