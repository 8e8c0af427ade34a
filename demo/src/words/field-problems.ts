import { TelnyxApiError } from '@telnyx-oauth/api'

/** What is wrong with a form: a sentence per field, by the field's name on the wire. */
export type FieldProblems = Readonly<Record<string, string>>

/** What Telnyx says about a field of the request; nothing, if it is not about one. */
export function fieldProblems(error: unknown): FieldProblems {
  if (!(error instanceof TelnyxApiError) || !error.pointer) return {}
  // Either a JSON pointer, `/redirect_uris/0`, or the name alone.
  const [field = '', entry] = error.pointer.split('/').filter(Boolean)
  const place = entry && /^\d+$/.test(entry) ? `Entry ${Number(entry) + 1}: ` : ''
  const said = error.detail ?? error.title ?? 'Telnyx does not accept this value'
  return { [field]: sentence(place + said) }
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.')
}
