/** One challenge of a `WWW-Authenticate` header; names are in lower case. */
export interface Challenge {
  readonly scheme: string
  readonly parameters: ReadonlyMap<string, string>
}

/** No server needs more to say what it wants; a hostile one shall not keep a page busy. */
const longestHeader = 10_000

const parameterPattern =
  /([\w!#$%&'*+.^`|~-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s",=]+))(?=[ \t]*(?:,|$))/y
const schemePattern = /([\w!#$%&'*+.^`|~-]+)(?:[ \t]+|(?=,|$))/y
const token68Pattern = /[\w.~+/-]+=*(?=[ \t]*(?:,|$))/y
const separators = /[\s,]+/y
const garbage = /[^,]+/y

/** Matches `pattern` where the last match ended. */
function createReader(text: string) {
  let position = 0
  return {
    isAtEnd: () => position >= text.length,
    read: (pattern: RegExp): RegExpExecArray | null => {
      pattern.lastIndex = position
      const match = pattern.exec(text)
      if (match) position = pattern.lastIndex
      return match
    },
  }
}

/**
 * Reads a `WWW-Authenticate` header: any number of challenges, quoted values, and whatever servers make of it. What is
 * no challenge is left out.
 *
 * @see RFC 9110 section 11.6.1
 */
export function parseChallenges(header: string | null): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = []
  const { isAtEnd, read } = createReader((header ?? '').slice(0, longestHeader))
  while (!isAtEnd()) {
    read(separators)
    const [, name, quoted, plain = quoted?.replace(/\\(.)/g, '$1') ?? ''] = read(parameterPattern) ?? []
    if (name !== undefined) {
      const parameters = challenges.at(-1)?.parameters
      // Of two that have one name the first counts, as of two headers.
      if (parameters && !parameters.has(name.toLowerCase())) parameters.set(name.toLowerCase(), plain)
      continue
    }
    const [, scheme] = read(schemePattern) ?? []
    if (scheme === undefined) {
      read(garbage)
      continue
    }
    challenges.push({ scheme: scheme.toLowerCase(), parameters: new Map() })
    read(token68Pattern)
  }
  return challenges
}

/** The words of a list, each once, where they are words as RFC 6749 section 3.3 has them. Frozen. */
export function wordsOf(list: string | undefined): readonly string[] {
  const words = (list ?? '').split(/\s+/).filter((word) => /^[!#-[\]-~]+$/.test(word))
  return Object.freeze([...new Set(words)])
}
