import ts from 'typescript'
import { lineOf } from './imports.ts'
import { BROWSER_GLOBALS } from './layers.ts'

/** A use of something that only `ports/` may touch. */
export interface GlobalUse {
  readonly name: string
  readonly line: number
}

/**
 * Finds uses of browser globals, clocks and randomness. Names are looked up as TypeScript does, so that a parameter called
 * `location` or a property called `history` is none.
 */
export function globalsOf(file: ts.SourceFile, checker: ts.TypeChecker): GlobalUse[] {
  const found: GlobalUse[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      const name = forbiddenName(node)
      if (name && isReference(node) && !isDeclared(node, checker))
        found.push({ name, line: lineOf(file, node) })
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

function forbiddenName(node: ts.Identifier): string | undefined {
  const members = Object.hasOwn(BROWSER_GLOBALS, node.text) ? BROWSER_GLOBALS[node.text] : undefined
  if (members === undefined) return undefined
  if (members === 'all') return node.text
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent) && parent.expression === node) {
    return members.includes(parent.name.text) ? `${node.text}.${parent.name.text}` : undefined
  }
  // `new Date(value)` and `instanceof Date` know no time; `new Date()`, `Date()` and a `Date` that is handed on do.
  if (ts.isNewExpression(parent) && parent.expression === node && parent.arguments?.length) return undefined
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword)
    return undefined
  return node.text
}

function isReference(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return false
  if (ts.isPropertyAssignment(parent) && parent.name === node) return false
  if (ts.isBindingElement(parent) && parent.propertyName === node) return false
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent) || ts.isJsxAttribute(parent)) return false
  return !isInType(node)
}

function isInType(node: ts.Node): boolean {
  for (let outer: ts.Node = node; outer; outer = outer.parent) {
    if (ts.isExpressionWithTypeArguments(outer))
      return !ts.isHeritageClause(outer.parent) || outer.parent.token !== ts.SyntaxKind.ExtendsKeyword
    if (ts.isTypeNode(outer) || ts.isInterfaceDeclaration(outer) || ts.isTypeAliasDeclaration(outer))
      return true
    if (ts.isStatement(outer)) return false
  }
  return false
}

function isDeclared(node: ts.Identifier, checker: ts.TypeChecker): boolean {
  const symbol = ts.isShorthandPropertyAssignment(node.parent)
    ? checker.getShorthandAssignmentValueSymbol(node.parent)
    : checker.getSymbolAtLocation(node)
  return (symbol?.declarations?.length ?? 0) > 0
}
