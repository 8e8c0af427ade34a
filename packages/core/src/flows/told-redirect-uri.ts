import { parseUrl } from '../model/urls.ts'

/**
 * A redirect URI as servers are told of it: letter by letter where the app gave it in full, because they compare texts.
 *
 * @see RFC 9700 section 4.1.3
 */
export const toldRedirectUri = (given: string, origin: string): string =>
  parseUrl(given) ? given : new URL(given, origin).href
