const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Markup that needs no further escaping. */
export interface Html {
  readonly markup: string
}

type Part = string | number | Html | undefined | readonly Html[]

function render(part: Part): string {
  if (part === undefined) return ''
  if (typeof part === 'string' || typeof part === 'number') {
    return String(part).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character)
  }
  return 'markup' in part ? part.markup : part.map((item) => item.markup).join('')
}

/** Template tag: everything that is put in is escaped, except what `html` made itself. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { markup: strings.reduce((text, string, index) => `${text}${render(parts[index - 1])}${string}`) }
}
