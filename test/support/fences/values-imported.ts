import ts from 'typescript'

/** The names that some code imports, as values, from the packages of this repository. */
export function valuesImported(code: string): string[] {
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
