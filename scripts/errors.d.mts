/** Where the document stands. */
export const DOCUMENT: string
/** The text of `docs/errors.md`. */
export function errorsDocument(): Promise<string>
