import ts from 'typescript'
import { lineOf } from './imports.ts'

const MAX_FILE_LINES = 250
// A table of cases reads better whole than cut in two.
const MAX_TEST_LINES = 400
const MAX_FUNCTION_LINES = 60

/** A rule that a file breaks, as a sentence without the file's name. */
export interface Breach {
  readonly line: number
  readonly rule: string
}

/** Every file: its size, and how it exports. */
export function breachesOfForm(file: ts.SourceFile): Breach[] {
  const found: Breach[] = []
  const lines = file.text.replace(/\n$/, '').split('\n').length
  const limit = file.fileName.startsWith('test/') ? MAX_TEST_LINES : MAX_FILE_LINES
  if (lines > limit) found.push({ line: lines, rule: `has ${lines} lines: ${limit} are the limit` })
  for (const statement of file.statements) {
    const line = lineOf(file, statement)
    if (isDefaultExport(statement)) found.push({ line, rule: 'has a default export: exports are named' })
    if (ts.isExportDeclaration(statement) && statement.moduleSpecifier && !isNamed(statement)) {
      found.push({ line, rule: 'exports everything of another file: exports are named' })
    }
  }
  return found
}

/** What is shipped: classes for errors only, no state in a module, functions that fit a screen. */
export function breachesOfStyle(file: ts.SourceFile): Breach[] {
  const found: Breach[] = file.statements.filter(isMutableState).map((statement) => ({
    line: lineOf(file, statement),
    rule: 'keeps state in the module: two clients on a page share no fate',
  }))
  const visit = (node: ts.Node): void => {
    const line = lineOf(file, node)
    if (ts.isClassLike(node) && !isErrorClass(node))
      found.push({ line, rule: 'has a class that is no error' })
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      const lines = file.getLineAndCharacterOfPosition(node.getEnd()).line + 2 - line
      if (lines > MAX_FUNCTION_LINES)
        found.push({ line, rule: `has a function of ${lines} lines: ${MAX_FUNCTION_LINES} are the limit` })
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

/** `index.ts`: the public names and nothing else (a directive such as 'use client' may stand before them). */
export function breachesOfIndex(file: ts.SourceFile): Breach[] {
  return file.statements
    .filter(
      (statement) =>
        !(ts.isExportDeclaration(statement) && statement.moduleSpecifier) && !isDirective(statement),
    )
    .map((statement) => ({
      line: lineOf(file, statement),
      rule: 'does more than export names of other files',
    }))
}

function isDefaultExport(statement: ts.Statement): boolean {
  if (ts.isExportAssignment(statement)) return true
  if (ts.isExportDeclaration(statement)) {
    const names = statement.exportClause
    return !!names && ts.isNamedExports(names) && names.elements.some((name) => name.name.text === 'default')
  }
  return (
    ts.canHaveModifiers(statement) &&
    !!ts.getModifiers(statement)?.some((modifier) => modifier.kind === ts.SyntaxKind.DefaultKeyword)
  )
}

function isNamed(statement: ts.ExportDeclaration): boolean {
  return !!statement.exportClause && ts.isNamedExports(statement.exportClause)
}

function isDirective(statement: ts.Statement): boolean {
  return ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression)
}

function isMutableState(statement: ts.Statement): boolean {
  return ts.isVariableStatement(statement) && !(statement.declarationList.flags & ts.NodeFlags.Const)
}

function isErrorClass(node: ts.ClassLikeDeclaration): boolean {
  const [parent] =
    node.heritageClauses?.find((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword)?.types ?? []
  return (
    !!parent &&
    ts.isIdentifier(parent.expression) &&
    parent.expression.text.endsWith('Error') &&
    !!node.name?.text.endsWith('Error')
  )
}
