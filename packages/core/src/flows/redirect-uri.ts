import type { Context } from '../context.ts'

/** The redirect URI of the client. A path begins with a slash: it is resolved against the origin, never against the page. */
export const redirectUriOf = ({ options, page }: Context): URL => new URL(options.redirectUri, page.href())

/** Tells if `uri` has a private-use scheme: only the app itself can receive a response there (RFC 8252 section 7.1). */
export const isPrivateUse = ({ protocol }: URL): boolean => protocol.includes('.')

/** The origin of `url`, also of an app in a web view or a private-use scheme, whose own has no name. */
export const originOf = ({ protocol, host }: URL): string => `${protocol}//${host}`

const placeOf = (url: URL): string => originOf(url) + url.pathname.replace(/\/$/, '')

/** Tells if `url` is at `redirectUri`, whatever its query. Static hosts add or remove a slash at the end. */
export const isAt = (url: URL, redirectUri: URL): boolean => placeOf(url) === placeOf(redirectUri)

/** The page to return to when the start of a sign-in is unknown: by default the folder of the redirect URI, where that is a page. */
export function homePathOf(context: Context): string {
  const { homePath } = context.options
  if (homePath !== undefined) return homePath
  const redirectUri = redirectUriOf(context)
  return isPrivateUse(redirectUri) ? '/' : new URL('.', redirectUri).pathname
}
