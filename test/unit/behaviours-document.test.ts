import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const text = readFileSync('docs/behaviours.md', 'utf8')
const cited = [...text.matchAll(/^ +Tests: ([\s\S]*?)\.$/gm)].flatMap(([, files = '']) =>
  [...files.matchAll(/`([\w/-]+)`/g)].map(([, file = '']) => file),
)

test.each([...new Set(cited)])('docs/behaviours.md names a test file that is there: %s', (file) => {
  const isThere = ['ts', 'tsx'].some((ending) => existsSync(`test/${file}.test.${ending}`))
  expect(isThere).toBe(true)
})
