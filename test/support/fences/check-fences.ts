import { dirname, join, posix } from 'node:path'
import ts from 'typescript'
import { ROOT } from '../source-files.ts'
import { type Fence, readFences } from './read-fences.ts'

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
export function checkFences(documents: ReadonlyMap<string, string>): string[] {
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
