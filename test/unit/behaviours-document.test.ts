import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const text = readFileSync('docs/behaviours.md', 'utf8')
const cited = [...text.matchAll(/^ +- `([\w/-]+)`: (.+)$/gm)].map(([, file = '', title = '']) => ({
  file,
  title,
}))

/** Where a test stands is told without its ending. */
const sourceOf = (file: string): string => {
  const path = ['ts', 'tsx'].map((ending) => `test/${file}.test.${ending}`).find((one) => existsSync(one))
  return path ? readFileSync(path, 'utf8') : ''
}

test.each(cited)('docs/behaviours.md names a test that is there: $file, $title', ({ file, title }) => {
  expect(sourceOf(file)).toContain(title)
})
