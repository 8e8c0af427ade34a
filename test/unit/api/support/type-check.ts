import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

const ROOT = join(import.meta.dirname, '../../../..')

/** A change to a file that is made in the compiler's eyes only. */
export interface Edit {
  /** Below the root. */
  readonly path: string
  readonly from: string
  readonly to: string
}

/**
 * Compiles files as `npm run check` does, again and again with different edits, and parses nothing twice.
 *
 * @returns a function from edits to complaints about one file
 */
export function createTypeChecker(path: string): (...edits: readonly Edit[]) => string[] {
  const entry = join(ROOT, path)
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, { ...ts.sys, readDirectory: () => [] }, ROOT)
  const host = ts.createCompilerHost(options)
  const parsed = new Map<string, ts.SourceFile | undefined>()
  let program: ts.Program | undefined
  return (...edits) => {
    const texts = new Map(edits.map((edit) => [join(ROOT, edit.path), edited(edit)]))
    const getSourceFile: ts.CompilerHost['getSourceFile'] = (name, version) => {
      const text = texts.get(name)
      if (text !== undefined) return ts.createSourceFile(name, text, version)
      if (!parsed.has(name)) parsed.set(name, host.getSourceFile(name, version))
      return parsed.get(name)
    }
    program = ts.createProgram([entry], options, { ...host, getSourceFile }, program)
    return program
      .getSemanticDiagnostics(program.getSourceFile(entry))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
  }
}

function edited({ path, from, to }: Edit): string {
  const before = readFileSync(join(ROOT, path), 'utf8')
  if (!before.includes(from)) throw new Error(`${path} has no ${from}`)
  return before.replace(from, to)
}
