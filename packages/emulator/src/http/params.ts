import type { IncomingHttpHeaders } from 'node:http'

/** A request body, read as what it says it is. */
export interface ParsedBody {
  readonly params: Readonly<Record<string, string>>
  /** A form parameter that stands there twice. */
  readonly repeated?: string | undefined
  readonly json: unknown
  readonly isJson: boolean
}

/** Reads a form or a JSON body; a JSON object's strings, numbers and booleans count as parameters too. */
export function parseBody(bytes: Buffer, contentType: string): ParsedBody {
  const text = bytes.toString('utf8')
  const mediaType = contentType.toLowerCase()
  if (mediaType.startsWith('application/x-www-form-urlencoded')) {
    const form = new URLSearchParams(text)
    const names = [...form.keys()]
    const repeated = names.find((name, index) => names.indexOf(name) !== index)
    return { params: Object.fromEntries(form), repeated, json: undefined, isJson: false }
  }
  if (!mediaType.startsWith('application/json')) return { params: {}, json: undefined, isJson: false }
  const json = parseJson(text)
  return { params: scalarsOf(json), json, isJson: true }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function scalarsOf(json: unknown): Readonly<Record<string, string>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return {}
  return Object.fromEntries(
    Object.entries(json)
      .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
      .map(([name, value]) => [name, String(value)]),
  )
}

/** Client id and secret of an HTTP Basic header, decoded as RFC 6749 section 2.3.1 says. */
export function basicCredentials(headers: IncomingHttpHeaders): { id: string; secret: string } | undefined {
  const match = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(headers.authorization ?? '')
  if (match?.[1] === undefined) return undefined
  const [id = '', ...secret] = Buffer.from(match[1], 'base64').toString('utf8').split(':')
  return { id: formDecode(id), secret: formDecode(secret.join(':')) }
}

function formDecode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
