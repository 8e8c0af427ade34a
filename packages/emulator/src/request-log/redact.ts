import { createHash } from 'node:crypto'

const SECRET_PARAMS: ReadonlySet<string> = new Set([
  'access_token',
  'client_assertion',
  'client_secret',
  'code',
  'code_verifier',
  'consent_token',
  'id_token_hint',
  'refresh_token',
  'request_uri',
  'token',
])

const SECRET_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'dpop',
  'proxy-authorization',
])

/** Paths whose last segment is a pending consent, which is as good as a password while it lasts. */
const SECRET_PATH = /^(.*\/sign-in\/|.*\/v2\/oauth\/authorize\/|.*\/v2\/oauth\/consent\/)([^/]+)$/

/** A short hash that tells two secrets apart and gives neither away. */
export function fingerprint(secret: string): string {
  return `#${createHash('sha256').update(secret).digest('hex').slice(0, 12)}`
}

export function redactParams(params: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.freeze(
    Object.fromEntries(
      Object.entries(params).map(([name, value]) => [
        name,
        SECRET_PARAMS.has(name) ? fingerprint(value) : value,
      ]),
    ),
  )
}

export function redactHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Readonly<Record<string, string>> {
  const redacted: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue
    redacted[name] = redactHeader(name, Array.isArray(value) ? value.join(', ') : value)
  }
  return Object.freeze(redacted)
}

function redactHeader(name: string, value: string): string {
  if (name === 'referer') return redactUrl(value)
  if (!SECRET_HEADERS.has(name)) return value
  const [scheme = '', credentials] = value.split(' ', 2)
  return credentials === undefined || name !== 'authorization'
    ? fingerprint(value)
    : `${scheme} ${fingerprint(credentials)}`
}

/** A page that was sent to with a code or a consent token names both as the referrer of its requests. */
function redactUrl(text: string): string {
  if (!URL.canParse(text)) return fingerprint(text)
  const url = new URL(text)
  url.pathname = redactPath(url.pathname)
  for (const name of SECRET_PARAMS) {
    const secret = url.searchParams.get(name)
    if (secret !== null) url.searchParams.set(name, fingerprint(secret))
  }
  return url.href
}

export function redactPath(path: string): string {
  return path.replace(SECRET_PATH, (_, prefix: string, secret: string) => `${prefix}${fingerprint(secret)}`)
}
