import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Metafile } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ROOT } from '../../../support/source-files.ts'

interface Built {
  readonly TelnyxAuthDevtools: (props: object) => unknown
  readonly outputs: readonly Metafile['outputs'][string][]
}

/** The devtools as a bundler makes them. React is left to Node, which finds it from inside the repository. */
async function buildDevtools(environment: string, folder: string): Promise<Built> {
  const outdir = join(folder, environment)
  const { metafile } = await build({
    entryPoints: [join(ROOT, 'packages/react/src/devtools/index.ts')],
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    metafile: true,
    format: 'esm',
    external: ['react', 'react-dom', '@telnyx-oauth/core'],
    define: { 'process.env.NODE_ENV': JSON.stringify(environment) },
    logLevel: 'silent',
  })
  const { TelnyxAuthDevtools } = await import(pathToFileURL(join(outdir, 'index.mjs')).href)
  return { TelnyxAuthDevtools, outputs: Object.values(metafile.outputs) }
}

let folder: string
let production: Built
let development: Built
beforeAll(async () => {
  await mkdir(resolve(ROOT, 'test-results'), { recursive: true })
  folder = await mkdtemp(resolve(ROOT, 'test-results/devtools-'))
  production = await buildDevtools('production', folder)
  development = await buildDevtools('development', folder)
}, 60_000)
afterAll(() => rm(folder, { recursive: true }))

it('in production the devtools render nothing unless they are asked to', () => {
  const { TelnyxAuthDevtools } = production
  expect(TelnyxAuthDevtools({})).toBe(null)
  expect(TelnyxAuthDevtools({ showInProduction: false })).toBe(null)
  expect(TelnyxAuthDevtools({ showInProduction: true })).toMatchObject({ props: { side: 'right' } })
})

it('in development they are there', () => {
  expect(development.TelnyxAuthDevtools({})).toMatchObject({ props: { initiallyOpen: false } })
})

it('the panel is a chunk of its own, which only import() leads to', () => {
  const holding = production.outputs.filter(({ inputs }) =>
    Object.keys(inputs).some((path) => path.endsWith('devtools-panel.tsx')),
  )
  expect(holding.map(({ entryPoint }) => entryPoint)).toEqual([
    'packages/react/src/devtools/devtools-panel.tsx',
  ])
})
