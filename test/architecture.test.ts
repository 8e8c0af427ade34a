import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { readFiles } from './support/source-files.ts'

// The rest of the architecture is rules of Biome: biome.json.
const exempt =
  /^packages\/(api|emulator)\/|^packages\/core\/src\/ports\/|^packages\/react\/src\/(devtools\/)?browser/
const hidden =
  /\b(Date\.now|new Date\(\)|Math\.random|crypto\.(getRandomValues|randomUUID)|AbortSignal\.timeout)|(?<!typeof )\bglobalThis\b/
const typesOnly = /^packages\/core\/src\/(context|telnyx-auth|events)\.ts$/

/** Breaches of the rules that Biome has no words for. */
function breachesOf(path: string, text: string): string[] {
  const found: string[] = []
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext)
  for (const node of file.statements) {
    if (ts.isVariableStatement(node) && !(node.declarationList.flags & ts.NodeFlags.Const))
      found.push(`${path} keeps state in the module: two clients on a page share no fate`)
    if (path.endsWith('/index.ts') && !ts.isExportDeclaration(node) && !ts.isExpressionStatement(node))
      found.push(`${path} does more than export names`)
    if (typesOnly.test(path) && ts.isImportDeclaration(node) && !node.importClause?.phaseModifier)
      found.push(`${path} imports more than types`)
  }
  const visit = (node: ts.Node): void => {
    if (
      ts.isClassLike(node) &&
      !/^class \w*Error extends \w*Error\b/.test(node.getText(file).replace('export ', ''))
    )
      found.push(`${path} has a class that is no error`)
    ts.forEachChild(node, visit)
  }
  visit(file)
  const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
  if (!exempt.test(path) && hidden.test(code)) found.push(`${path} touches ${hidden.exec(code)?.[0]}`)
  return found
}

describe('architecture', () => {
  test('the sources of the packages keep the rules that Biome cannot check', () => {
    const sources = readFiles(['packages'], /\.tsx?$/)
    expect(sources.size).toBeGreaterThan(200)
    expect([...sources].flatMap(([path, text]) => breachesOf(path, text))).toEqual([])
  })

  test.each([
    ['flows/a.ts', 'let tries = 0', 'keeps state'],
    ['flows/a.ts', 'export class Refresher {}', 'no error'],
    ['flows/a.ts', 'export class RefreshError {}', 'no error'],
    ['index.ts', 'export const version = ""', 'more than export'],
    ['context.ts', `import { createLock } from './ports/lock.ts'`, 'more than types'],
    ['model/a.ts', 'export const now = (): number => Date.now()', 'touches Date.now'],
    ['model/a.ts', 'export const f = (): unknown => globalThis.fetch', 'touches globalThis'],
  ])('a planted violation in %s is found: %s', (path, text, message) => {
    expect(breachesOf(`packages/core/src/${path}`, text)).toEqual([expect.stringContaining(message)])
  })
})
