/** Addresses that run as a script, or as a document of this page, when one goes there. */
const NEVER = ['javascript:', 'data:', 'blob:', 'vbscript:', 'file:', 'about:']

/** Whether people may be sent to an address of an app: on the web, or of a scheme of its own (RFC 8252, 7.1). */
export function isRedirectTarget(uri: string): boolean {
  return URL.canParse(uri) && !NEVER.includes(new URL(uri).protocol)
}

/**
 * Whether an answer leads to where it was said to lead: the same address, with parameters added.
 *
 * @param said undefined if the server has not said it
 */
export function leadsTo(said: string | undefined, answer: string): boolean {
  if (!isRedirectTarget(answer)) return false
  if (said === undefined) return true
  return URL.canParse(said) && placeOf(new URL(said)) === placeOf(new URL(answer))
}

/** Where an app is, as a person recognises it: the origin, or the scheme of an app's own. */
export function destinationInWords(uri: string): string {
  if (!URL.canParse(uri)) return uri
  const { origin, protocol } = new URL(uri)
  return origin === 'null' ? `the app that opens ${protocol}` : origin
}

/** A link to the web, if a client's address is one; nothing else is made clickable. */
export function webLink(uri: string | null | undefined): string | undefined {
  return uri && URL.canParse(uri) && /^https?:$/.test(new URL(uri).protocol) ? uri : undefined
}

function placeOf({ protocol, host, pathname }: URL): string {
  return `${protocol}//${host}${pathname}`
}
