import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { checkFences } from '../support/fences/check-fences.ts'
import { readFences } from '../support/fences/read-fences.ts'
import { PACKAGE_NAMES } from '../support/packages.ts'
import { readFiles } from '../support/source-files.ts'

const documents = readFiles(['.'], /\.md$/)

describe('the documents', () => {
  it('are there: the repository and every package have a README', () => {
    const paths = [...documents.keys()]
    expect(paths).toEqual(
      expect.arrayContaining([
        'README.md',
        'CONTRIBUTING.md',
        ...PACKAGE_NAMES.map((name) => `packages/${name}/README.md`),
      ]),
    )
  })

  it('show code that compiles against the sources', () => {
    expect(checkFences(documents)).toEqual([])
  })

  it('show TypeScript in every package README', () => {
    const silent = [...documents].filter(
      ([path, text]) =>
        path.startsWith('packages/') &&
        !readFences(path, text).some(({ language }) => /^tsx?$/.test(language)),
    )
    expect(silent.map(([path]) => path)).toEqual([])
  })
})

describe('the demo', () => {
  it('imports nothing of the packages that a README does not show', () => {
    const readme = [...documents]
      .flatMap(([path, text]) => (path.endsWith('README.md') && !path.startsWith('demo/') ? [text] : []))
      .join('\n')
    const used = [...readFiles(['demo/src'], /\.tsx?$/)].flatMap(([, text]) => valuesImported(text))
    expect(used).toContain('createTelnyxAuth')
    expect(used.filter((name) => !new RegExp(`\\b${name}\\b`).test(readme))).toEqual([])
  })
})

const fence = (info: string, ...lines: string[]): string => [`\`\`\`${info}`, ...lines, '```', ''].join('\n')
const IMPORT = `import { createTelnyxAuth } from '@telnyx-oauth/core'`

describe('a document', () => {
  const planted = new Map([
    ['a.md', `# A\n\n${fence('ts', IMPORT, 'createTelnyxAuth({ clientID: "" })')}`],
    ['b.md', fence('tsx', 'export const a = <TelnyxAuthProvider />')],
    ['c.md', fence('ts no-check', 'nonsense(')],
    ['d.md', fence('ts no-check: it shows a mistake', 'nonsense(')],
    ['e.md', fence('js', 'var a = b')],
    ['f.md', fence('sh', 'npm start') + fence('', 'plain')],
    [
      'g.md',
      fence('ts name=auth.ts', 'export const id = 1') +
        fence('ts', `import { id } from './auth.ts'`, 'id.toFixed()'),
    ],
    [
      'h.md',
      fence('ts name=auth.ts', 'export const id = 1') +
        fence('ts', `import { id } from './auth.ts'`, 'id.toUpperCase()'),
    ],
    ['i.md', fence('ts', 'const = 1')],
    ['j.md', fence('ts title=auth.ts', 'export const id = 1')],
  ])
  const problems = checkFences(planted)

  it.each([
    ['with an option that does not exist', 'a.md:5 ', 'clientID'],
    ['without an import', 'b.md:2 ', 'TelnyxAuthProvider'],
    ['that opts out without a reason', 'c.md:1 ', 'without a reason'],
    ['with unchecked JavaScript', 'e.md:1 ', 'write ts or tsx'],
    ['whose files do not fit each other', 'h.md:6 ', 'toUpperCase'],
    ['with an unknown word after the language', 'j.md:1 ', 'title=auth.ts'],
    ['with broken syntax', 'i.md:2 ', 'expected'],
  ])('%s is refused, by its line', (_title, place, words) => {
    expect(problems.filter((problem) => problem.startsWith(place)).join('\n')).toContain(words)
  })

  it('may opt out with a reason, show other languages and spread over files', () => {
    expect(problems.filter((problem) => /^[dfg]\.md/.test(problem))).toEqual([])
  })
})

/** The names that some code imports, as values, from the packages of this repository. */
function valuesImported(code: string): string[] {
  const file = ts.createSourceFile('code.tsx', code, ts.ScriptTarget.ESNext, true, ts.ScriptKind.TSX)
  return file.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) return []
    if (!statement.moduleSpecifier.text.startsWith('@telnyx-oauth/')) return []
    const clause = statement.importClause
    if (!clause || clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return []
    if (!clause.namedBindings || !ts.isNamedImports(clause.namedBindings)) return ['*']
    return clause.namedBindings.elements.flatMap(({ isTypeOnly, propertyName, name }) =>
      isTypeOnly ? [] : [(propertyName ?? name).text],
    )
  })
}
