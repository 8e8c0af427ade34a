import { isTelnyxAuthError, type TelnyxAuthError, type TelnyxAuthErrorCode } from '../errors.ts'

/** A text, or a function that makes one from the details of the error (`subject`, `server`, `retryAfterMs`, `missing`). */
export type ErrorText = string | ((error: TelnyxAuthError) => string)

/** One text for every code, and `unexpected` for whatever is no `TelnyxAuthError`. */
export type ErrorTexts = Readonly<Record<TelnyxAuthErrorCode, ErrorText>> & { readonly unexpected: string }

/** The text for `error`: of `replacements` where they have one, else of `texts`. */
export function textOf(error: unknown, texts: ErrorTexts, replacements: Partial<ErrorTexts> = {}): string {
  // A newer copy of the library may have made the error, with a code that these tables do not know.
  if (!isTelnyxAuthError(error) || !Object.hasOwn(texts, error.code))
    return replacements.unexpected ?? texts.unexpected
  const text = replacements[error.code] ?? texts[error.code]
  return typeof text === 'string' ? text : text(error)
}
