/** A block of code in a document. */
export interface Fence {
  readonly document: string
  /** First word of the info string, in lower case: `ts`, `sh`, … */
  readonly language: string
  /** The rest of the info string. */
  readonly info: string
  /** Line of the first line of code, counted from 1. */
  readonly line: number
  readonly code: string
}

const OPENING = /^ {0,3}(`{3,})\s*([^`]*)$/

/** The fenced code blocks of a Markdown document, in order. */
export function readFences(document: string, text: string): Fence[] {
  const fences: Fence[] = []
  const lines = text.split('\n')
  for (let start = 0; start < lines.length; start += 1) {
    const [, ticks, infoString = ''] = OPENING.exec(lines[start] ?? '') ?? []
    if (!ticks) continue
    const closing = lines.findIndex((line, index) => index > start && line.trim().startsWith(ticks))
    const end = closing === -1 ? lines.length : closing
    const [language = '', ...info] = infoString.trim().split(/\s+/)
    const code = lines.slice(start + 1, end).join('\n')
    fences.push({ document, language: language.toLowerCase(), info: info.join(' '), line: start + 2, code })
    start = end
  }
  return fences
}
