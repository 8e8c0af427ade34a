import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createCommand } from '../../../packages/emulator/src/options/command-line.ts'
import { OPTION_NAMES } from '../../../packages/emulator/src/options/option-rules.ts'

const readme = readFileSync(new URL('../../../packages/emulator/README.md', import.meta.url), 'utf8')
const options = readme.slice(readme.indexOf('## Options'), readme.indexOf('## Profiles'))

const recipes = ['recipes/', '../../journeys/recipes/'].flatMap((folder) => {
  const url = new URL(folder, import.meta.url)
  return readdirSync(url).map((name) => [name, readFileSync(new URL(name, url), 'utf8')] as const)
})

describe('the README', () => {
  test('lists every option once, and no other', () => {
    const listed = [...options.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)
    expect(listed.toSorted()).toEqual(OPTION_NAMES.toSorted())
  })

  test('names every flag of the command', () => {
    const flags = createCommand().options.map(({ long }) => long ?? '')
    expect(flags.filter((flag) => !readme.includes(flag))).toEqual([])
  })

  test.each(recipes)('shows %s as it is run', (name, code) => {
    expect(readme).toContain(` name=${name}\n${code}\`\`\`\n`)
  })
})
