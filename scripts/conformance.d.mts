/** What a run tells of one statement; `node` and `chromium` are missing where it was not run. */
export interface Row {
  readonly id: string
  readonly title: string
  readonly source: string
  readonly mutation: { readonly file: string; readonly find: string; readonly replace: string }
  readonly node?: string
  readonly chromium?: string
}
/** Where the document stands. */
export const DOCUMENT: string
/** The table that a run prints, line by line. */
export function conformanceTable(rows: readonly Row[]): string[]
/** The text of `docs/conformance.md`. */
export function conformanceDocument(rows: readonly Row[]): string
