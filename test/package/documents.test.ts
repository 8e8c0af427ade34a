import { dirname, join, posix } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { PACKAGE_NAMES } from '../support/packages.ts'
import { ROOT, readFiles } from '../support/source-files.ts'

const CHECKED = new Set(['ts', 'tsx'])
const MUST_BE_CHECKED = new Set(['js', 'jsx', 'javascript', 'typescript', 'mjs', 'mts'])
const OPT_OUT = /^no-check\b:?\s*(.*)$/
/** A fence with `name=auth.ts` after its language is that file, and the others of its document can import it. */
const NAMED = /^name=([\w./-]+\.tsx?)$/

/**
 * Type-checks the code of documents against the sources, all of it in one program. A fence may opt out with
 * `no-check: the reason` after its language.
 *
 * @param documents path below the root to Markdown
 * @returns one sentence per problem, `path:line` first
 */
function checkFences(documents: ReadonlyMap<string, string>): string[] {
  const fences = [...documents].flatMap(([document, text]) => readFences(document, text))
  return [...fences.flatMap(problemsOfForm), ...problemsOfTypes(filesOf(fences.filter(isChecked)))]
}

function isChecked(fence: Fence): boolean {
  return CHECKED.has(fence.language) && !OPT_OUT.test(fence.info)
}

function problemsOfForm({ document, language, info, line }: Fence): string[] {
  const place = `${document}:${line - 1}`
  const [isOptOut, reason] = OPT_OUT.exec(info) ?? []
  if (isOptOut) return reason ? [] : [`${place} opts out of the check without a reason`]
  if (MUST_BE_CHECKED.has(language)) return [`${place} is ${language}, which is not checked: write ts or tsx`]
  const isUnderstood = !CHECKED.has(language) || info === '' || NAMED.test(info)
  return isUnderstood
    ? []
    : [`${place} says "${info}": name=file.ts and no-check: reason are what is understood`]
}

/** Gives every fence a path of its own, beside those of its document. */
function filesOf(fences: readonly Fence[]): Map<string, Fence> {
  const files = new Map<string, Fence>()
  for (const fence of fences) {
    const folder = posix.join(ROOT, '.fences', fence.document)
    const named = posix.join(folder, NAMED.exec(fence.info)?.[1] ?? `fence.${fence.language}`)
    const isTaken = files.has(named)
    files.set(isTaken ? named.replace(/(\.tsx?)$/, `-${fence.line}$1`) : named, fence)
  }
  return files
}

function problemsOfTypes(files: ReadonlyMap<string, Fence>): string[] {
  const program = ts.createProgram([...files.keys()], compilerOptions(), hostWith(files))
  return [...files].flatMap(([path, fence]) => {
    const file = program.getSourceFile(path)
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
    return found.map((diagnostic) => {
      const line = file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line ?? 0
      return `${fence.document}:${fence.line + line} ${ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ')}`
    })
  })
}

/** The repository's own, but for what is noise in an example. */
function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, { ...ts.sys, readDirectory: () => [] }, ROOT)
  return {
    ...options,
    isolatedDeclarations: false,
    declaration: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
    moduleDetection: ts.ModuleDetectionKind.Force,
  }
}

function hostWith(files: ReadonlyMap<string, Fence>): ts.CompilerHost {
  const host = ts.createCompilerHost(compilerOptions())
  const folders = new Set([...files.keys()].map((path) => dirname(path)))
  const { fileExists, readFile, getSourceFile } = host
  return {
    ...host,
    fileExists: (path) => files.has(path) || fileExists(path),
    readFile: (path) => files.get(path)?.code ?? readFile(path),
    directoryExists: (path) => folders.has(path) || ts.sys.directoryExists(path),
    getSourceFile: (path, languageVersion, ...rest) => {
      const fence = files.get(path)
      return fence
        ? ts.createSourceFile(path, fence.code, languageVersion)
        : getSourceFile(path, languageVersion, ...rest)
    },
  }
}

/** A block of code in a document. */
interface Fence {
  readonly document: string
  /** First word of the info string, in lower case: `ts`, `sh`, … */
  readonly language: string
  /** The rest of the info string. */
  readonly info: string
  /** Line of the first line of code, counted from 1. */
  readonly line: number
  readonly code: string
}

const OPENING = /^ {0,3}(`{3,})\s*([^`]*)$/

/** The fenced code blocks of a Markdown document, in order. */
function readFences(document: string, text: string): Fence[] {
  const fences: Fence[] = []
  const lines = text.split('\n')
  for (let start = 0; start < lines.length; start += 1) {
    const [, ticks, infoString = ''] = OPENING.exec(lines[start] ?? '') ?? []
    if (!ticks) continue
    const closing = lines.findIndex((line, index) => index > start && line.trim().startsWith(ticks))
    const end = closing === -1 ? lines.length : closing
    const [language = '', ...info] = infoString.trim().split(/\s+/)
    const code = lines.slice(start + 1, end).join('\n')
    fences.push({ document, language: language.toLowerCase(), info: info.join(' '), line: start + 2, code })
    start = end
  }
  return fences
}

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
