import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { build } from 'esbuild'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const packageFolder = resolve(import.meta.dirname, '../../../packages/react')
const entries = ['index.ts', 'devtools/index.ts', 'resource/index.ts'] as const
const textOf = (entry: string) => readFileSync(resolve(packageFolder, 'src', entry), 'utf8')
const readme = readFileSync(resolve(packageFolder, 'README.md'), 'utf8')

async function bundle(environment: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [resolve(packageFolder, 'src/index.ts')],
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    external: ['react', '@telnyx-oauth/core'],
    define: { 'process.env.NODE_ENV': JSON.stringify(environment) },
  })
  return outputFiles.map(({ text }) => text).join()
}

/** The modules with hooks and components; what they share with a server, and the entries, have no directive. */
const clientModules = readdirSync(resolve(packageFolder, 'src'), { recursive: true })
  .map(String)
  .filter((path) => /^(resource\/)?(auth-provider|guards|use-[\w-]+)\.ts$|^devtools\/telnyx-auth/.test(path))

it.each(entries)('the entry %s can be imported by a server component, for what is no hook', (entry) => {
  expect(textOf(entry)).not.toContain('use client')
})

describe.each(clientModules)('the module %s of @telnyx-oauth/react', (entry) => {
  it("says 'use client' in its first line", () => {
    expect(textOf(entry).split('\n')[0]).toBe("'use client'")
  })

  it("still does in what the package's own TypeScript configuration emits", () => {
    const { config } = ts.readConfigFile(resolve(packageFolder, 'tsconfig.build.json'), ts.sys.readFile)
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, packageFolder)
    const { outputText } = ts.transpileModule(textOf(entry), {
      compilerOptions: options,
      fileName: 'index.ts',
    })
    expect(outputText).toMatch(/^'use client';/)
  })
})

describe('the main entry', () => {
  it('leaves what is said to developers out of production', async () => {
    const inDevelopment = await bundle('development')
    const inProduction = await bundle('production')
    for (const words of ['changed after the first render', 'wrap the app in']) {
      expect(inDevelopment).toContain(words)
      expect(inProduction).not.toContain(words)
    }
    expect(inProduction).not.toContain('process.env')
  })

  it('exports what the README names, and nothing else', async () => {
    const exported = Object.keys(await import('@telnyx-oauth/react'))
    expect(exported.toSorted()).toEqual([
      'RequireSignIn',
      'SignedIn',
      'SignedOut',
      'TelnyxAuthError',
      'TelnyxAuthProvider',
      'createTelnyxAuth',
      'isTelnyxAuthError',
      'useSuspenseTelnyxToken',
      'useTelnyxAuth',
      'useTelnyxAuthClient',
      'useTelnyxFetch',
      'useTelnyxToken',
    ])
    expect(exported.filter((name) => !readme.includes(name))).toEqual([])
  })
})

describe('the entry for tokens of other resources', () => {
  it('has the suspending hook, which takes a choice there, as the README shows', async () => {
    expect(Object.keys(await import('@telnyx-oauth/react/resource'))).toEqual([
      'useSuspenseTelnyxResourceToken',
    ])
    expect(readme).toContain(`import { useSuspenseTelnyxResourceToken } from '@telnyx-oauth/react/resource'`)
  })
})

describe('the devtools', () => {
  it('are one component, which the README names', async () => {
    expect(Object.keys(await import('@telnyx-oauth/react/devtools'))).toEqual(['TelnyxAuthDevtools'])
    expect(readme).toContain('TelnyxAuthDevtools')
  })
})

describe('the README', () => {
  const folder = resolve(import.meta.dirname, '../../browser/react/recipes')

  it.each(readdirSync(folder))('shows %s as it is tested', (name) => {
    const code = readFileSync(resolve(folder, name), 'utf8')
    expect(readme).toContain(` name=${name}\n${code}\`\`\`\n`)
  })
})
