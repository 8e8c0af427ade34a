import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const packageFolder = resolve(import.meta.dirname, '../../../packages/react')
const entry = readFileSync(resolve(packageFolder, 'src/index.ts'), 'utf8')
const readme = readFileSync(resolve(packageFolder, 'README.md'), 'utf8')

describe('the entry of @telnyx-oauth/react', () => {
  it("says 'use client' in its first line", () => {
    expect(entry.split('\n')[0]).toBe("'use client'")
  })

  it("still does in what the package's own TypeScript configuration emits", () => {
    const { config } = ts.readConfigFile(resolve(packageFolder, 'tsconfig.build.json'), ts.sys.readFile)
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, packageFolder)
    const { outputText } = ts.transpileModule(entry, { compilerOptions: options, fileName: 'index.ts' })
    expect(outputText).toMatch(/^'use client';/)
  })

  it('exports what the README names, and nothing else', async () => {
    const exported = Object.keys(await import('@telnyx-oauth/react'))
    expect(exported.toSorted()).toEqual([
      'RequireSignIn',
      'SignedIn',
      'SignedOut',
      'TelnyxAuthProvider',
      'useSuspenseTelnyxToken',
      'useTelnyxAuth',
      'useTelnyxAuthClient',
      'useTelnyxFetch',
      'useTelnyxToken',
    ])
    expect(exported.filter((name) => !readme.includes(name))).toEqual([])
  })
})

describe('the README', () => {
  const folder = resolve(import.meta.dirname, '../../browser/react/recipes')

  it.each(readdirSync(folder))('shows %s as it is tested', (name) => {
    const code = readFileSync(resolve(folder, name), 'utf8')
    expect(readme).toContain(` name=${name}\n${code}\`\`\`\n`)
  })
})
