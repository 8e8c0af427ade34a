import { describe, expect, it } from 'vitest'
import { checkArchitecture } from './support/architecture/check-architecture.ts'
import { ALLOWED, FLOW, PLANTED } from './support/architecture/planted.ts'
import { readFiles } from './support/source-files.ts'

const sources = readFiles(['packages', 'demo', 'test', 'vite.config.ts'], /\.tsx?$/)
const breaches = checkArchitecture(sources)

describe('the sources', () => {
  it('are all there to be checked', () => {
    const folders = [
      'packages/core/src/',
      'packages/react/src/',
      'packages/api/src/',
      'packages/emulator/src/',
      'demo/',
      'test/',
    ]
    const empty = folders.filter((folder) => ![...sources.keys()].some((path) => path.startsWith(folder)))
    expect(empty).toEqual([])
  })

  it('keep the arrows and the rules of the house', () => {
    expect(breaches).toEqual([])
  })
})

describe('a planted violation is refused', () => {
  it.each(PLANTED)('%s', (_title, path, text, answer) => {
    const found = checkArchitecture(new Map([[path, text]]))
    expect(found).toEqual([expect.stringContaining(answer)])
    expect(found[0]).toMatch(new RegExp(`^${path}:\\d+ `))
  })

  it('among all other sources, and alone', () => {
    const text = `import { None } from 'oauth4webapi'\n${sources.get(FLOW) ?? ''}`
    const added = checkArchitecture(new Map([...sources, [FLOW, text]])).filter(
      (breach) => !breaches.includes(breach),
    )
    expect(added).toContainEqual(`${FLOW}:1 imports oauth4webapi: only protocol/ may`)
  }, 60_000)
})

describe('no violation is seen in', () => {
  it.each(ALLOWED)('%s', (_title, path, text) => {
    expect(checkArchitecture(new Map([[path, text]]))).toEqual([])
  })
})
